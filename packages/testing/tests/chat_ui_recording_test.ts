import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { getSetCookies } from "@std/http/cookie";
import { unflatten } from "devalue";
import type { ChatUiUpstreamOptions } from "../mod.ts";
import { readExchanges, toSession } from "./_chat_ui_exchanges.ts";
import { ORIGIN, Replay } from "./_chat_ui_replay.ts";

const TWO_WEEKS = 14 * 24 * 60 * 60 * 1000;

const SERVERS: Readonly<Record<string, ChatUiUpstreamOptions>> = {
  default: {},
  late: { lateTitle: true },
  insecure: { insecureCookies: true },
  limited: {
    insecureCookies: true,
    limits: { messageLength: 20, messagesPerMinute: 1, conversations: 0 },
  },
};

const exchanges = await readExchanges();

for (const [server, options] of Object.entries(SERVERS)) {
  Deno.test(`createChatUiUpstream() equals the recorded ${server} server`, async () => {
    const replay = new Replay(options);
    const recorded = exchanges.filter((exchange) => exchange.server === server);
    assert(recorded.length > 0);
    for (const exchange of recorded) {
      const { id, request, response } = exchange;
      const actual = await replay.send(exchange);

      assertEquals(actual.status, response.status, id);
      for (const name of ["content-type", "cache-control", "vary", "allow"]) {
        const expected = response.headers[name] ?? null;
        assertEquals(actual.headers.get(name), expected, `${name} of ${id}`);
      }
      assertEquals(
        toCookieAttributes(actual.headers),
        toCookieAttributes(new Headers(response.headers)),
        id,
      );
      if (request.headers.cookie && actual.headers.has("set-cookie")) {
        assertEquals(
          toSession(actual.headers.get("set-cookie")),
          toSession(replay.translate(request.headers.cookie)),
          id,
        );
      }
      assertEquals(
        normalize(await actual.text(), actual.headers),
        normalize(response.body, actual.headers),
        id,
      );
    }
  });
}

Deno.test("createChatUiUpstream() keeps a cookie for two weeks", async () => {
  const replay = new Replay({});
  const [creation] = exchanges;
  assert(creation);
  const { headers } = await replay.send(creation);
  const [cookie] = getSetCookies(headers);

  assertAlmostEquals(Number(cookie?.expires), Date.now() + TWO_WEEKS, 10_000);
});

/** What a cookie has beside its value and its date. */
function toCookieAttributes(headers: Headers): unknown {
  return getSetCookies(headers).map(({ value: _, expires, ...attributes }) => ({
    ...attributes,
    expires: expires !== undefined,
  }));
}

/** A body without what is new each time: ids, dates, and the time of a title. */
function normalize(body: string, headers: Headers): unknown {
  const text = body.replaceAll("{host}", new URL(ORIGIN).host);
  switch (headers.get("content-type")) {
    case "application/jsonl":
      return normalizeAnswer(text);
    case "text/html":
      return text.slice(0, "<!doctype html>".length);
  }
  return text.startsWith(`{"type":"data"`)
    ? text.split("\n").filter(Boolean).map(normalizeData)
    : normalizeIds(text);
}

function normalizeAnswer(text: string): readonly string[] {
  const lines = text.split("\n").filter((line) => !line.includes("keepAlive"));
  const title = lines.findIndex((line) => line.startsWith('{"type":"title"'));
  return title < 0 ? lines : [...lines.splice(title, 1), ...lines];
}

function normalizeData(line: string): unknown {
  const { nodes, ...chunk } = JSON.parse(line);
  if (nodes === undefined) return chunk;
  const [layout, page] = nodes;
  return {
    layout: layout.type === "data" ? normalizeLayout(layout) : layout,
    page: page.type === "data"
      ? { ...page, data: normalizeIds(JSON.stringify(decode(page.data))) }
      : page,
  };
}

/** Of the layout, which no client reads, only the names are compared. */
function normalizeLayout(
  { data, ...layout }: { readonly data: unknown[] },
): unknown {
  const value = decode(data);
  return {
    ...layout,
    value: toNames(value),
    settings: toNames(value.settings),
    conversation: toNames(value.conversations[0] ?? {}),
    model: toNames(value.models[0]),
    assistants: value.assistants,
  };
}

function decode(data: unknown[]) {
  return unflatten(data, { Promise: (id: number) => ({ promise: id }) });
}

function toNames(value: object): readonly string[] {
  return Object.keys(value).sort();
}

/** Numbers the ids in the order in which they appear, and forgets the dates. */
function normalizeIds(text: string): unknown {
  const ids = new Map<string, string>();
  const numbered = text
    .replace(
      /[0-9a-f]{24}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g,
      (id) => {
        if (!ids.has(id)) ids.set(id, `id ${ids.size}`);
        return ids.get(id) ?? id;
      },
    )
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "date");
  return numbered.startsWith("{") ? JSON.parse(numbered) : numbered;
}
