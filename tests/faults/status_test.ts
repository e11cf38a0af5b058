// What the status, the type and the first bytes of a response say.
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { TestBody } from "../_body.ts";
import { FakeClock, flush } from "../../packages/testing/fake_clock.ts";
import { RawServer } from "../_raw_server.ts";
import { IMPATIENT } from "../providers/_requests.ts";
import {
  AI_CHATS,
  ANSWERS,
  CHAT_UI,
  PROVIDERS,
  toAnswer,
} from "../contract/_providers.ts";
import {
  catchError,
  joinText,
  readAll,
} from "../../packages/testing/conformance/ending.ts";
import {
  answerWith,
  answerWithBody,
  type Respond,
  ScriptedFetch,
} from "../contract/_scripted_fetch.ts";

/** Each status with the code of its error, and how often it is tried. */
const STATUSES: Readonly<Record<number, readonly [string, number]>> = {
  400: ["invalid-request", 1],
  401: ["authentication", 1],
  402: ["rate-limit", 1],
  403: ["authentication", 1],
  404: ["not-found", 1],
  405: ["invalid-request", 1],
  408: ["upstream", 3],
  409: ["conflict", 1],
  410: ["not-found", 1],
  413: ["too-large", 1],
  422: ["invalid-request", 1],
  429: ["rate-limit", 3],
  500: ["upstream", 3],
  502: ["upstream", 3],
  503: ["upstream", 3],
  504: ["upstream", 3],
  529: ["upstream", 3],
};

/** Which faults of the catalogue a case is about. */
const FAULTS: Readonly<Record<string, string>> = {
  400: " [S01]",
  401: " [S02]",
  403: " [S03] [S14]",
  404: " [S04]",
  405: " [S05]",
  408: " [S06]",
  409: " [S07]",
  410: " [S05]",
  413: " [S08]",
  422: " [S09]",
  500: " [S13] [S14]",
  502: " [S13] [S14]",
  503: " [S13] [S14] [C15]",
  504: " [S13] [S14]",
  529: " [S13] [S14]",
};

/** The same for errors in the form that each provider has. */
const FAILURE_FAULTS: Readonly<Record<string, string>> = {
  "AiChats": " [S19]",
  "AmigoChat": " [S18]",
  "AutonomousAI": " [S18]",
  "CohereForAI_C4AI_Command": " [S20]",
  "OpenAiCompatible": " [S18]",
};

for (const provider of PROVIDERS) {
  const { name } = provider;

  /** Gets the same response for every request, of which the first may lead. */
  const ask = async (respond: Respond) => {
    const network = new ScriptedFetch(() => new Response());
    network.first = respond;
    const instance = provider.create({ ...IMPATIENT, fetch: network.fetch });
    const { events, error } = await readAll(instance.stream("Hello"));
    assertEquals(events, []);
    return { error, count: network.requests.length };
  };

  for (const [status, [code, count]] of Object.entries(STATUSES)) {
    Deno.test(`${provider.name} says what is meant by status ${status}${FAULTS[status] ?? ""}`, async () => {
      const init = { status: Number(status) };
      const words = { error: { message: "Not like that", code: "x" } };
      const json = await ask(() => Response.json(words, init));
      assertEquals([json.error?.code, json.count], [code, count]);
      assertEquals(json.error?.status, init.status);
      assertEquals(json.error?.body, "Not like that");
      const { message = "" } = json.error ?? {};
      assertStringIncludes(message, `status is ${status}`);
      assertStringIncludes(message, ": Not like that");
      const headers = { "content-type": "text/html" };
      const page = await ask(() =>
        new Response("<title>planted-4711</title>", { ...init, headers })
      );
      assertEquals([page.error?.code, page.count], [code, count]);
      assertEquals(page.error?.body, undefined);
      assertStringIncludes(page.error?.message ?? "", "it is a page");
      assert(!Deno.inspect(page.error).includes("planted"));
    });
  }

  Deno.test(`${provider.name} waits as usual where Retry-After is no time to come [S12]`, async () => {
    for (const value of ["soon", "0", "Thu, 01 Jan 1970 00:00:00 GMT"]) {
      const clock = new FakeClock();
      const waits: number[] = [];
      const network = new ScriptedFetch(() => new Response());
      network.first = () =>
        new Response("", { status: 429, headers: { "retry-after": value } });
      const instance = provider.create({
        fetch: network.fetch,
        clock,
        random: () => 0,
        timeouts: IMPATIENT.timeouts,
      });
      const result = clock.skipWaits(
        instance.generate("Hello"),
        (ms) => waits.push(ms),
      );
      assertEquals((await catchError(result)).code, "rate-limit");
      assertEquals(waits, [500, 1_000], value);
    }
  });

  Deno.test(`${provider.name} sends nothing to the origin of a redirect [S22]`, async () => {
    await using other = new RawServer((connection) =>
      connection.respond(200, [], "")
    );
    await using server = new RawServer((connection) =>
      connection.respond(307, [["location", `${other.origin}/x`]], "")
    );
    const instance = provider.create({ baseUrl: server.origin, apiKey: "k-1" });
    const error = await catchError(instance.generate("Hello"));
    assertEquals([error.code, error.status], ["bad-response", 307]);
    assertEquals([server.requests.length, other.requests.length], [1, 0]);
  });

  Deno.test(`${provider.name} has an empty response for a bad one [S21] [R05]`, async () => {
    for (const status of [200, 204, 205]) {
      const { error, count } = await ask(() => new Response(null, { status }));
      assertEquals([error?.code, count], ["bad-response", 1], `${status}`);
    }
  });

  Deno.test(`${provider.name} reads a stream of any media type but a page's [S17]`, async () => {
    for (
      const mediaType of [
        "text/plain; charset=utf-8",
        "application/octet-stream",
        "text/event-stream",
        "application/jsonl",
        "",
      ]
    ) {
      const network = answerWith(
        { ...provider, mediaType },
        toAnswer(provider),
      );
      const instance = provider.create({ fetch: network.fetch });
      assertEquals((await instance.generate("Hello")).text, provider.text);
    }
  });

  Deno.test(`${provider.name} has one JSON object with an error for a failure [S16]`, async () => {
    const network = new ScriptedFetch(() =>
      Response.json({ error: { message: "insufficient_quota" } })
    );
    const instance = provider.create({ fetch: network.fetch });
    const { error, events } = await readAll(instance.stream("Hello"));
    const code = provider === CHAT_UI ? "bad-response" : "rate-limit";
    assertEquals([error?.code, error?.body], [code, "insufficient_quota"]);
    assertEquals([events, network.answers.length], [[], 1]);
  });

  Deno.test(`${name} keeps what came before an error in the answer${FAILURE_FAULTS[name] ?? ""}`, async () => {
    const text = provider.beginning + provider.failure + provider.rest;
    const body = new TestBody([text], "hang");
    const network = answerWithBody(provider, body);
    const clock = new FakeClock();
    const instance = provider.create({ fetch: network.fetch, clock });
    const { error, events } = await readAll(instance.stream("Hello"));
    assertEquals([error?.code, error?.body], ["upstream", "overload"]);
    assertEquals([error?.partial?.text, joinText(events)], ["Grüße", "Grüße"]);
    await flush();
    assertEquals([body.isCancelled, network.answers.length], [true, 1]);
  });
}

for (const provider of ANSWERS) {
  Deno.test(`${provider.name} has a page for a bad response [S15] [C15] [R05]`, async () => {
    const body = new TestBody(["<!doctype html><p>Just a moment"], "hang");
    const page = { ...provider, mediaType: "text/html; charset=utf-8" };
    const network = answerWithBody(page, body);
    const instance = provider.create({ fetch: network.fetch });
    const { error, events } = await readAll(
      instance.stream("Hello", provider.options),
    );
    assertEquals([error?.code, events], ["bad-response", []]);
    assertStringIncludes(error?.message ?? "", "asleep");
    await flush();
    assertEquals([body.isCancelled, network.answers.length], [true, 1]);
  });
}

Deno.test("CohereForAI_C4AI_Command fails where the server says so after the final answer [S20]", async () => {
  const { fetch } = answerWith(CHAT_UI, toAnswer(CHAT_UI) + CHAT_UI.failure);
  const { error } = await readAll(CHAT_UI.create({ fetch }).stream("Hello"));
  assertEquals([error?.code, error?.body], ["upstream", "overload"]);
  assertEquals(error?.partial?.text, CHAT_UI.text);
});

Deno.test("AiChats tells an error object from text [S18]", async () => {
  const { fetch } = answerWith(AI_CHATS, 'data: {"error":"overload"}\n\n');
  const { error, events } = await readAll(
    AI_CHATS.create({ fetch }).stream("Hello"),
  );
  assertEquals([error?.code, error?.body, events], [
    "upstream",
    "overload",
    [],
  ]);
});
