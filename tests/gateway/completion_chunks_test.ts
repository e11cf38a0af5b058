import { assertEquals } from "@std/assert";
import type { ChatEvent } from "../../core/events.ts";
import { FakeClock } from "../../testing/mod.ts";
import { FINISH, toTextEvent } from "../_parrot.ts";
import {
  ANSWER,
  ask,
  createParrotGateway,
  joinChunks,
  readChunks,
  readEvents,
  say,
} from "./_gateway.ts";

const RESTART: ChatEvent = {
  type: "restart",
  discard: 4,
  reason: "network",
  provider: "Other",
  model: "blue",
};

Deno.test("a stream is framed exactly as OpenAI's", async () => {
  const clock = new FakeClock(1_700_000_000_500);
  const gateway = say(ANSWER, {
    clock,
    randomUuid: () => "6f1c1f2e-0000-4000-8000-000000000001",
  });
  const response = await ask(gateway, { stream: true });
  assertEquals(
    response.headers.get("content-type"),
    "text/event-stream; charset=utf-8",
  );
  const head = '{"id":"chatcmpl-6f1c1f2e000040008000000000000001",' +
    '"object":"chat.completion.chunk","created":1700000000,' +
    '"model":"Parrot/grey","choices":[{"index":0,"delta":';
  assertEquals(
    await response.text(),
    `data: ${head}{"role":"assistant","content":""},"finish_reason":null}]}\n\n` +
      `data: ${head}{"content":"Good day"},"finish_reason":null}]}\n\n` +
      `data: ${head}{},"finish_reason":"stop"}]}\n\n` +
      "data: [DONE]\n\n",
  );
});

Deno.test("a stream ends with its usage where that is asked for", async () => {
  const usage = { inputTokens: 3, outputTokens: 2, totalTokens: 5 };
  const gateway = say([
    ...ANSWER.slice(0, 2),
    { type: "usage", usage },
    FINISH,
  ]);
  const stream_options = { include_usage: true };
  const chunks = await readChunks(
    await ask(gateway, { stream: true, stream_options }),
  );
  assertEquals(chunks.map(({ usage }) => usage), [null, null, null, {
    prompt_tokens: 3,
    completion_tokens: 2,
    total_tokens: 5,
  }]);
  assertEquals(chunks.at(-1)?.choices, []);
});

Deno.test("a stream estimates its usage where the upstream tells none", async () => {
  const stream_options = { include_usage: true };
  const chunks = await readChunks(
    await ask(say(ANSWER), { stream: true, stream_options }),
  );
  assertEquals(chunks.at(-1)?.usage, {
    prompt_tokens: 2,
    completion_tokens: 2,
    total_tokens: 4,
    estimated: true,
  });
});

Deno.test("a stream tells reasoning apart from text", async () => {
  const gateway = say([
    { type: "reasoning", text: "Hm" },
    { type: "reasoning", text: "m" },
    ...ANSWER,
  ]);
  const chunks = await readChunks(await ask(gateway, { stream: true }));
  assertEquals(chunks.map(({ choices }) => choices[0]?.delta), [
    { role: "assistant", content: "" },
    { reasoning_content: "Hmm" },
    { content: "Good day" },
    {},
  ]);
});

for (
  const [reason, expected] of [
    ["stop", "stop"],
    ["length", "length"],
    ["content-filter", "content_filter"],
    ["tool-calls", "stop"],
    ["interrupted", "length"],
    ["other", "stop"],
  ] as const
) {
  Deno.test(`a stream that ends with ${reason} says ${expected}`, async () => {
    const gateway = say([toTextEvent("Good"), { type: "finish", reason }]);
    const chunks = await readChunks(await ask(gateway, { stream: true }));
    assertEquals(chunks.at(-1)?.choices[0]?.finish_reason, expected);
  });
}

Deno.test("a stream names who really answers", async () => {
  const gateway = say([
    { type: "route", provider: "Other", model: "a/b" },
    ...ANSWER,
  ]);
  const chunks = await readChunks(await ask(gateway, { stream: true }));
  assertEquals(
    new Set(chunks.map(({ model }) => model)),
    new Set(["Other/a/b"]),
  );
});

Deno.test("text with line breaks stays in its chunk [W19]", async () => {
  const text = 'a\r\n\r\ndata: [DONE]\n\nevent: x\r\u2028"';
  const gateway = say([
    { type: "route", provider: "O\r\n\r\ndata: x", model: "b\n\n" },
    toTextEvent(text),
    FINISH,
  ]);
  const chunks = await readChunks(await ask(gateway, { stream: true }));
  assertEquals(chunks.length, 3);
  assertEquals(joinChunks(chunks), text);
});

Deno.test("a stream adds what only the final text has", async () => {
  const gateway = say([
    toTextEvent("Good"),
    { type: "finish", reason: "stop", text: "Good day" },
  ]);
  const chunks = await readChunks(await ask(gateway, { stream: true }));
  assertEquals(joinChunks(chunks), "Good day");
});

Deno.test("a stream does not mind a final text that is trimmed", async () => {
  const gateway = say([
    toTextEvent(" Good day\n"),
    { type: "finish", reason: "stop", text: "Good day" },
  ]);
  const chunks = await readChunks(await ask(gateway, { stream: true }));
  assertEquals(joinChunks(chunks), " Good day\n");
});

Deno.test("a stream breaks off where the final text is another", async () => {
  const gateway = createParrotGateway(async function* () {
    yield toTextEvent("Good");
    yield { type: "finish", reason: "stop", text: "Bad day" };
  });
  const events = await readEvents(await ask(gateway, { stream: true }));
  assertEquals(events.at(-1)?.[0], "error");
  assertEquals(JSON.parse(events.at(-1)?.[1] ?? "").error.code, "incomplete");
});

Deno.test("a stream that may restart gives another final text anew", async () => {
  const gateway = createParrotGateway(async function* () {
    yield toTextEvent("Good");
    yield { type: "finish", reason: "stop", text: "Bad day" };
  });
  const stream_options = { include_restarts: true };
  const chunks = await readChunks(
    await ask(gateway, { stream: true, stream_options }),
  );
  assertEquals(chunks[2]?.restart, {
    discard: 4,
    reason: "bad-response",
    provider: "Parrot",
    model: "grey",
  });
  assertEquals(joinChunks(chunks.slice(3)), "Bad day");
});

Deno.test("a stream that may restart tells it in a chunk", async () => {
  const gateway = createParrotGateway(async function* () {
    yield toTextEvent("Good");
    yield [RESTART, ...ANSWER];
  });
  const stream_options = { include_restarts: true, include_usage: true };
  const chunks = await readChunks(
    await ask(gateway, { stream: true, stream_options }),
  );
  const { type: _, ...restart } = RESTART;
  assertEquals(chunks[2]?.restart, restart);
  assertEquals(chunks[2]?.choices, []);
  assertEquals(chunks[2]?.model, "Other/blue");
  assertEquals(joinChunks(chunks.slice(3)), "Good day");
});

Deno.test("a stream that can only append breaks off at a restart", async () => {
  const gateway = createParrotGateway(async function* () {
    yield toTextEvent("Good");
    yield [RESTART, ...ANSWER];
  });
  const events = await readEvents(await ask(gateway, { stream: true }));
  assertEquals(events.length, 3);
  assertEquals(JSON.parse(events[2]?.[1] ?? "").error.code, "incomplete");
});

Deno.test("a restart that discards nothing is no failure", async () => {
  const gateway = say([{ ...RESTART, discard: 0 }, ...ANSWER]);
  const chunks = await readChunks(await ask(gateway, { stream: true }));
  assertEquals(joinChunks(chunks), "Good day");
});
