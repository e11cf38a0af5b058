import { assert, assertEquals } from "@std/assert";
import { ProviderError } from "../../../core/chat/errors.ts";
import { readOpenAiAnswer } from "../../../core/openai/chunks.ts";
import type { ChatEvent } from "../../../core/chat/events.ts";
import { TestBody } from "../../_body.ts";
import { createParrot } from "../../_parrot.ts";

const DONE = "data: [DONE]\n\n";

/** Writes data of an event. */
function toData(...values: unknown[]): string {
  return values.map((value) => `data: ${JSON.stringify(value)}\n\n`).join("");
}

/** Writes a chunk that carries text. */
function toChunk(content: string): string {
  return toData({ choices: [{ index: 0, delta: { content } }] });
}

/** Reads an answer and tells what became of it. */
async function read(
  body: string | TestBody,
  mediaType = "text/event-stream",
) {
  const { provider, clock } = createParrot({
    answer: () =>
      new Response(body instanceof TestBody ? body.stream : body, {
        headers: { "content-type": mediaType },
      }),
    async *respond(run) {
      yield* readOpenAiAnswer(run, await run.post("/"));
    },
  });
  const events: ChatEvent[] = [];
  try {
    const stream = provider.stream("Hi", { maxRetries: 0 });
    for await (const event of stream) events.push(event);
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return { events, code: error.code, message: error.message };
  } finally {
    assertEquals(clock.timers, 0);
  }
  return { events, code: undefined, message: "" };
}

const toText = (events: readonly ChatEvent[]) =>
  events.map((event) => event.type === "text" ? event.text : "").join("");

Deno.test("readOpenAiAnswer() reads text up to [DONE] [F24]", async () => {
  const { events } = await read(
    toChunk("a") + toChunk(" b") + DONE + toChunk("late"),
  );
  assertEquals(events, [
    { type: "text", text: "a" },
    { type: "text", text: " b" },
    { type: "finish", reason: "stop" },
  ]);
});

Deno.test("readOpenAiAnswer() ends at [DONE] though the body stays open [T12]", async () => {
  const body = new TestBody([toChunk("a") + DONE], "hang");
  const { code } = await read(body);
  assertEquals(code, undefined);
  assert(body.isCancelled);
});

Deno.test("readOpenAiAnswer() takes a finish reason for an end, and usage after it [T07]", async () => {
  const { events } = await read(
    toChunk("a") +
      toData(
        { choices: [{ delta: {}, finish_reason: "length" }] },
        { choices: [], usage: { prompt_tokens: 1, completion_tokens: 2 } },
      ),
  );
  const [, usage, finish] = events;
  assert(usage?.type === "usage");
  assertEquals(usage.usage.inputTokens, 1);
  assertEquals(usage.usage.outputTokens, 2);
  assertEquals(finish, {
    type: "finish",
    reason: "length",
    rawReason: "length",
  });
});

Deno.test("readOpenAiAnswer() knows the reasons of servers", async () => {
  const reasons = {
    stop: "stop",
    length: "length",
    content_filter: "content-filter",
    // There is no call, but text.
    tool_calls: "stop",
    weather: "other",
    constructor: "other",
  } as const;
  for (const [rawReason, reason] of Object.entries(reasons)) {
    for (
      const end of [
        { choices: [{ delta: {}, finish_reason: rawReason }] },
        { choices: [], finish_reason: rawReason },
      ]
    ) {
      const { events } = await read(toChunk("a") + toData(end));
      assertEquals(events.at(-1), { type: "finish", reason, rawReason });
    }
  }
});

Deno.test("readOpenAiAnswer() of a body that just ends is incomplete [T05] [T06]", async () => {
  const { events, code } = await read(toChunk("half"));
  assertEquals(toText(events), "half");
  assertEquals(code, "incomplete");
  assertEquals((await read(`${toChunk("a")}data: {"choi`)).code, "incomplete");
  assertEquals((await read("")).code, "incomplete");
});

Deno.test("readOpenAiAnswer() reads only the choice with index 0", async () => {
  const { events } = await read(
    toData(
      {
        choices: [
          { index: 1, delta: { content: "no" } },
          { index: 0, delta: { content: "yes" } },
        ],
      },
      { choices: [{ index: 1, delta: { content: "no" } }] },
      {
        choices: [{ delta: { content: "!" } }],
      },
    ) + DONE,
  );
  assertEquals(toText(events), "yes!");
});

Deno.test("readOpenAiAnswer() takes missing and empty fields for no text [F12] [F22]", async () => {
  const { events } = await read(
    toData(
      { choices: [{ index: 0, delta: { role: "assistant", content: null } }] },
      { choices: [{ index: 0, delta: {} }] },
      { choices: [], x: 1 },
    ) + "data:\n\n" + toChunk("a") + DONE,
  );
  assertEquals(events.map(({ type }) => type), ["text", "finish"]);
});

Deno.test("readOpenAiAnswer() reads reasoning and legacy text", async () => {
  const { events } = await read(
    toData(
      { choices: [{ index: 0, delta: { reasoning_content: "why" } }] },
      { choices: [{ index: 0, delta: { reasoning: " so" } }] },
      { choices: [{ index: 0, text: "legacy" }] },
    ) + DONE,
  );
  assertEquals(events.slice(0, 3), [
    { type: "reasoning", text: "why" },
    { type: "reasoning", text: " so" },
    { type: "text", text: "legacy" },
  ]);
});

Deno.test("readOpenAiAnswer() skips what is malformed with one warning [F22] [F23]", async () => {
  const { events } = await read(
    `data: {oops\n\n${
      toData(5, null, [], { x: 1 }, {
        choices: [{ index: 0, delta: { content: 5 } }],
      })
    }${toChunk("a")}${DONE}`,
  );
  const warnings = events.filter((event) => event.type === "warning");
  assertEquals(warnings.map(({ code }) => code), ["malformed-chunk"]);
  assertEquals(toText(events), "a");
});

Deno.test("readOpenAiAnswer() tells an error anywhere in the stream [S18] [S19]", async () => {
  for (
    const error of [
      toData({ error: { message: "Quota", code: 42 } }),
      toData({ error: "Quota", code: 42 }),
      'event: error\ndata: {"message":"Quota","code":42}\n\n',
    ]
  ) {
    const { events, code, message } = await read(toChunk("a") + error + DONE);
    assertEquals(toText(events), "a");
    assertEquals(code, "upstream");
    assert(message.endsWith("Quota (42)"), message);
  }
  const { code, message } = await read("event: error\ndata: Quota\n\n");
  assertEquals(code, "upstream");
  assert(message.endsWith("Quota"));
});

Deno.test("readOpenAiAnswer() takes an error event without words for an error [S19]", async () => {
  const { code } = await read(`${toChunk("a")}event: error\ndata:\n\n${DONE}`);
  assertEquals(code, "upstream");
});

Deno.test("readOpenAiAnswer() reads one JSON object", async () => {
  for (
    const type of ["application/json; charset=utf-8", "application/x+json"]
  ) {
    const { events } = await read(
      JSON.stringify({
        choices: [{ message: { content: "whole" }, finish_reason: "stop" }],
        usage: { total_tokens: 3 },
      }),
      type,
    );
    assertEquals(toText(events), "whole");
    assertEquals(events.map((event) => event.type), [
      "text",
      "usage",
      "finish",
    ]);
  }
});

Deno.test("readOpenAiAnswer() refuses JSON that is no answer [S16]", async () => {
  const json = "application/json";
  assertEquals((await read("{}", json)).code, "bad-response");
  assertEquals((await read('{"choices":[]}', json)).code, "bad-response");
  assertEquals((await read('"text"', json)).code, "bad-response");
  assertEquals((await read('{"choices":[', json)).code, "incomplete");
  assertEquals((await read('{"error":"x"}', json)).code, "upstream");
});
