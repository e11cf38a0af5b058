import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { getSetCookies } from "@std/http/cookie";
import { unflatten } from "devalue";
import type { ChatUiUpdate, ChatUiUpstreamOptions } from "../mod.ts";
import {
  type Exchange,
  readExchanges,
  toSession,
} from "./_chat_ui_exchanges.ts";
import { ORIGIN, Replay } from "./_chat_ui_replay.ts";

const NEWEST_MODELS = [
  "alpha/chat-1",
  "beta/chat-2",
  "vision/see-1",
  "tools/use-1",
  "think/r1",
];

const TWO_WEEKS = 14 * 24 * 60 * 60 * 1000;

const LIMITED: ChatUiUpstreamOptions = { insecureCookies: true };

const SERVERS: Readonly<
  Record<string, Readonly<Record<string, ChatUiUpstreamOptions>>>
> = {
  exchanges: {
    default: {},
    late: { lateTitle: true },
    insecure: { insecureCookies: true },
    limited: {
      ...LIMITED,
      limits: { messageLength: 20, messagesPerMinute: 1, conversations: 0 },
    },
  },
  newest: {
    default: {},
    late: { lateTitle: true },
    login: { login: true },
    limited: { ...LIMITED, limits: { messages: 4, messageLength: 50 } },
  },
};

const HEADERS = [
  "content-type",
  "cache-control",
  "vary",
  "allow",
  "x-accel-buffering",
  "access-control-allow-origin",
];

for (const name of ["exchanges", "newest"] as const) {
  const exchanges = await readExchanges(name);
  for (const [server, own] of Object.entries(SERVERS[name] ?? {})) {
    Deno.test(`createChatUiUpstream() equals the recorded ${server} server: ${name}`, async () => {
      const replay = new Replay({
        ...own,
        ...(name === "newest" && { version: "2026-08", models: NEWEST_MODELS }),
      });
      const recorded = exchanges.filter((exchange) =>
        exchange.server === server
      );
      assert(recorded.length > 0);
      for (const exchange of recorded) await compare(replay, exchange);
    });
  }
}

async function compare(replay: Replay, exchange: Exchange): Promise<void> {
  const { id, request, response } = exchange;
  const expected = new Headers(
    Object.entries(response.headers).flatMap(([name, values]) =>
      [values].flat().map((value): [string, string] => [name, value])
    ),
  );
  const actual = await replay.send(exchange);
  assertEquals(actual.status, response.status, id);
  for (const name of HEADERS) {
    assertEquals(
      actual.headers.get(name),
      expected.get(name),
      `${name} of ${id}`,
    );
  }
  assertEquals(
    toCookieAttributes(actual.headers),
    toCookieAttributes(expected),
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

Deno.test("createChatUiUpstream() keeps a cookie for two weeks", async () => {
  const replay = new Replay({});
  const [creation] = await readExchanges("exchanges");
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
    case "text/event-stream":
      return normalizeLog(text);
    case "text/html":
      return text.slice(0, "<!doctype html>".length);
  }
  return text.startsWith(`{"type":"data"`)
    ? text.split("\n").filter(Boolean).map(normalizeData)
    : normalizeIds(text);
}

/** A title that comes before the end of the answer may do so anywhere. */
function normalizeAnswer(text: string): readonly string[] {
  const lines = text.split("\n").filter((line) => !line.includes("keepAlive"));
  const find = (type: string) =>
    lines.findIndex((line) => line.includes(`{"type":"${type}"`));
  const title = find("title");
  const final = find("finalAnswer");
  // One that fails may do so before it has a title.
  if (lines.some((line) => line.includes('"status":"error"'))) {
    return lines.filter((_, index) => index !== title);
  }
  return title < 0 || (final >= 0 && final < title)
    ? lines
    : [...lines.splice(title, 1), ...lines];
}

/** The types of the events in a log; how tokens are joined, time decides. */
function normalizeLog(text: string): readonly string[] {
  const types = text.split("\n").filter((line) => line.startsWith("data: "))
    .map((line) => {
      const { type, status } = JSON.parse(line.slice("data: ".length));
      return `${type ?? "end"} ${status ?? ""}`;
    }).filter((type) => !type.startsWith("title"));
  return types.filter((type, index) => type !== types[index - 1]);
}

function normalizeData(line: string): unknown {
  const { nodes, ...chunk } = JSON.parse(line);
  if (nodes === undefined) return chunk;
  const [layout, page] = nodes;
  return {
    layout: layout.type === "data" ? normalizeLayout(layout) : layout,
    page: page?.type === "data"
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

/** Numbers the ids in one order, and forgets dates. */
function normalizeIds(text: string): unknown {
  const isJson = /^[{[]/.test(text);
  const ids = new Map<string, string>();
  const source = isJson ? JSON.stringify(toComparable(JSON.parse(text))) : text;
  const numbered = source
    .replace(
      /[0-9a-f]{24}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g,
      (id) => {
        if (!ids.has(id)) ids.set(id, `id ${ids.size}`);
        return ids.get(id) ?? id;
      },
    )
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "date");
  return isJson ? JSON.parse(numbered) : numbered;
}

/** Of what SuperJSON says of the values, only where there are dates. */
function isDate(path: string): boolean {
  return path.endsWith("At");
}

/** Sorts names, reads JSON inside of JSON, and leaves out what time decides. */
function toComparable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toComparable);
  if (typeof value !== "object" || value === null) return value;
  // Of a model, only what it is called is compared.
  if ("displayName" in value) return "id" in value && value.id;
  const entries = Object.entries(value).map(([name, field]) => {
    if (name === "conversation") return [name, toComparable(JSON.parse(field))];
    if (name === "materializedSeq") return [name, typeof field];
    if (name === "meta") {
      return [name, Object.keys(field.values ?? {}).filter(isDate).sort()];
    }
    if (name !== "updates") return [name, toComparable(field)];
    return [name, field.filter(({ type }: ChatUiUpdate) => type !== "title")];
  });
  return Object.fromEntries(entries.sort(([a], [b]) => a < b ? -1 : 1));
}
