import { assert, assertEquals } from "@std/assert";
import type { ChatEvent } from "../../../core/chat/events.ts";
import { TestBody } from "../../_body.ts";
import { toTextEvent } from "../../_parrot.ts";
import { create, DONE, read, toChunk, toData, toText } from "./_reader.ts";

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
  assertEquals((await read(body)).code, undefined);
  assert(body.isCancelled);
});

Deno.test("readOpenAiAnswer() waits after a reason for so long [T07]", async () => {
  const usage = toData({ choices: [], usage: { total_tokens: 3 } });
  const text = toChunk("a");
  const cases = [
    [text + toChunk("b", "stop"), false, 2_000],
    [text + toChunk("", "stop"), true, 5_000],
    [text + toChunk("", "stop") + usage, true, 2_000],
    // Some servers say it with each chunk, some before the first content.
    [toChunk("a", "stop"), false, 30_000],
    [toChunk("", "stop") + text, true, 30_000],
    [toChunk("a", "stop") + toChunk("", "stop"), true, 5_000],
  ] as const;
  for (const [text, expectsUsage, ms] of cases) {
    const body = new TestBody([text], "hang");
    const { provider, clock } = create(body, { expectsUsage });
    const start = clock.now();
    const waits: number[] = [];
    const answer = provider.generate("Hi", {
      timeouts: { headers: null, firstToken: null, idle: null, total: null },
    });
    await clock.skipWaits(answer, (wait) => waits.push(wait));
    assertEquals([clock.now() - start, waits], [ms, [ms]]);
    assert(body.isCancelled);
  }
});

Deno.test("readOpenAiAnswer() fails no finished answer by a short idle clock", async () => {
  for (const expectsUsage of [true, false]) {
    const body = new TestBody([toChunk("a", "stop")], "hang");
    const { provider, clock } = create(body, { expectsUsage });
    const start = clock.now();
    const { text } = await clock.skipWaits(
      provider.generate("Hi", { timeouts: { idle: 700 } }),
    );
    assertEquals([text, clock.now() - start], ["a", 700]);
  }
});

Deno.test("readOpenAiAnswer() reads events as they come though no blank line parts them", async () => {
  const body = new TestBody([], "hang");
  const stream = create(body).provider.stream("Hi");
  const send = (...values: unknown[]) =>
    body.send(toData(...values).replaceAll("\n\n", "\n"));
  const toPiece = (content: string) => ({ choices: [{ delta: { content } }] });
  const reading = stream.next();
  send(toPiece("a"), toPiece("b"));
  assertEquals((await reading).value, toTextEvent("a"));
  assertEquals((await stream.next()).value, toTextEvent("b"));
  const next = stream.next();
  send(toPiece("c"));
  assertEquals((await next).value, toTextEvent("c"));
  const end = stream.next();
  body.send("data: [DONE]\n");
  assertEquals((await end).value?.type, "finish");
  assert(body.isCancelled);
});

Deno.test("readOpenAiAnswer() takes lines of one event for one where none is whole", async () => {
  const json = JSON.stringify({ choices: [{ delta: { content: "{}" } }] });
  const lines = JSON.stringify(JSON.parse(json), null, 1).split("\n");
  const event = lines.map((line) => `data: ${line}\n`).join("");
  const { events } = await read(`${event}\n${event}\n${DONE}`);
  assertEquals(toText(events), "{}{}");
});

Deno.test("readOpenAiAnswer() of a body that just ends is incomplete [T05] [T06]", async () => {
  const bodies = {
    [toChunk("half")]: "half",
    [`${toChunk("a")}data: {"choi`]: "a",
    [`${toChunk("", "stop")}data: {"choi`]: "",
    [`${toChunk("a")}Traceback of a server`]: "a",
    "": "",
  };
  for (const [body, text] of Object.entries(bodies)) {
    const { events, code } = await read(body);
    assertEquals([code, toText(events)], ["incomplete", text]);
  }
});

Deno.test("readOpenAiAnswer() warns of what it skips, once [F12] [F22] [F23]", async () => {
  const harmless = toData(
    { choices: [{ index: 0, delta: { role: "assistant", content: null } }] },
    { choices: [], x: 1 },
    { type: "ping" },
    {},
  ) + "data:\n\n";
  const malformed = `data: {oops\n\n${toData(5, null, { x: 1 })}`;
  const unknown = toChunk([{ type: "reference" }, { type: "text", text: "!" }]);
  const { events } = await read(
    harmless + malformed + unknown + malformed + toChunk("a", "stop"),
  );
  const warnings = events.filter((event) => event.type === "warning");
  assertEquals(warnings.map(({ code }) => code), [
    "malformed-chunk",
    "ignored-part",
  ]);
  assertEquals(toText(events), "!a");
  const bare = await read(harmless + toChunk("a") + DONE);
  assertEquals(bare.events.map(({ type }) => type), ["text", "finish"]);
});

Deno.test("readOpenAiAnswer() takes no list of too many chunks", async () => {
  const { code } = await read(`[${Array(100_001).fill(1)}]`);
  assertEquals(code, "too-large");
});

Deno.test("readOpenAiAnswer() tells an error wherever it stands [S18] [S19]", async () => {
  const error = { message: "Quota of the day", code: 42 };
  for (
    const end of [
      toData({ error }),
      toData([{ error }]),
      toData({ choices: [], error }),
      toData({ choices: [{ index: 0, delta: {}, error }] }),
      `event: error\n${toData(error)}`,
      `error: ${JSON.stringify(error)}\n\n`,
      JSON.stringify({ error }, undefined, 2),
    ]
  ) {
    const { events, message } = await read(toChunk("a") + end + DONE);
    assertEquals(toText(events), "a");
    assert(message.includes("Quota of the day"), message);
  }
  const { code } = await read(`${toChunk("a")}event: error\ndata:\n\n${DONE}`);
  assertEquals(code, "upstream");
});

Deno.test("readOpenAiAnswer() refuses JSON that is no answer [S16]", async () => {
  const codes = {
    "{}": "bad-response",
    "null": "bad-response",
    '{"choices":[]}': "bad-response",
    '{"choices":[{"message":{"content":""}}]}': "bad-response",
    '{"choices":[': "incomplete",
    '{"error":"x"}': "upstream",
    '"text"': "upstream",
    "<html>": "bad-response",
  };
  for (const [body, code] of Object.entries(codes)) {
    assertEquals([body, (await read(body)).code], [body, code]);
  }
});

Deno.test("readOpenAiAnswer() counts as the last chunk does that tells usage", async () => {
  const toCounted = (count: number) =>
    toData({
      created: 1_700_000_000 + count,
      choices: [{ delta: { content: ` ${count}` } }],
      obfuscation: "x".repeat(count),
      usage: { completion_tokens: count },
    });
  const counted = [1, 2, 3, 4, 5].map(toCounted).join("");
  const last = toData({ choices: [], usage: { completion_tokens: 6 } });
  for (
    const [rest, outputTokens] of [["", 5], [toChunk("", "stop"), 5], [last, 6]]
  ) {
    const { events } = await read(`${counted}${rest}${DONE}`);
    const [usage] = events.filter(({ type }) => type === "usage");
    assertEquals(toText(events), " 1 2 3 4 5");
    assertEquals(usage, {
      type: "usage",
      usage: { inputTokens: undefined, outputTokens, totalTokens: undefined },
    } as ChatEvent);
  }
});

Deno.test("readOpenAiAnswer() ends where words for no end give way to one", async () => {
  const toWorded = (content: string, word: string) =>
    toData({ choices: [{ delta: { content }, finish_reason: word }] });
  const { events } = await read(
    toWorded("a", "null") + toWorded("b", "none") + toWorded("c", "length"),
  );
  assertEquals(events.at(-1), {
    type: "finish",
    reason: "length",
    rawReason: "length",
  } as ChatEvent);
});
