import { assertEquals, assertObjectMatch } from "@std/assert";
import { toImage } from "@parley/chat/provider";
import type { ChatEvent } from "../../../../core/chat/events.ts";
import { FakeClock } from "@parley/testing";
import { FINISH, toTextEvent } from "../../../../tests/_parrot.ts";
import {
  ANSWER,
  ask,
  createParrotGateway,
  joinChunks,
  readChunks,
  say,
} from "../_gateway.ts";

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
  assertEquals(response.headers.get("x-accel-buffering"), "no");
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

Deno.test("a stream names who says it has answered", async () => {
  const finish: ChatEvent = {
    type: "finish",
    reason: "stop",
    provider: "Other",
    model: "blue",
  };
  const gateway = say([toTextEvent("Good"), finish]);
  const chunks = await readChunks(await ask(gateway, { stream: true }));
  assertEquals(chunks.at(-1)?.model, "Other/blue");
});

Deno.test("a stream sends pictures as parts of the message", async () => {
  const gateway = createParrotGateway(async function* (run) {
    const url = "https://pictures.example/1.png";
    yield { type: "image", image: toImage(run, { url, prompt: "" }) };
    const base64 = "R0lGODlhAQABAAAAACw=";
    yield { type: "image", image: toImage(run, { base64, prompt: "" }) };
    for (const left of [{ base64: "AAAA" }, { url: "javascript:alert(1)" }]) {
      yield { type: "image", image: toImage(run, { ...left, prompt: "" }) };
    }
    yield FINISH;
  });
  const chunks = await readChunks(await ask(gateway, { stream: true }));
  const images = chunks.flatMap(({ choices }) =>
    choices[0]?.delta.images ?? []
  );
  assertEquals(images, [
    {
      type: "image_url",
      image_url: { url: "https://pictures.example/1.png" },
    },
    {
      type: "image_url",
      image_url: { url: "data:image/gif;base64,R0lGODlhAQABAAAAACw=" },
    },
  ]);
  const { choices, warnings } = await (await ask(gateway)).json();
  assertEquals(choices[0].message.images, images);
  assertEquals(
    warnings.length,
    1,
    "what is no picture is not left out in silence",
  );
  assertEquals(chunks.at(-1)?.warnings, warnings);
});

Deno.test("warnings are told at the end of a stream, and of an answer in one piece", async () => {
  const warning = { code: "unsupported-setting", message: "It is ignored" };
  const gateway = createParrotGateway(async function* () {
    yield { type: "warning", ...warning };
    yield* ANSWER;
  });
  const chunks = await readChunks(await ask(gateway, { stream: true }));
  const told = chunks.filter((chunk) => "warnings" in chunk);
  assertEquals(told.length, 1);
  assertObjectMatch(told[0] ?? {}, { warnings: [warning] });
  assertEquals(told[0]?.choices[0]?.finish_reason, "stop");
  const whole = await (await ask(gateway)).json();
  assertEquals(whole.warnings, [warning]);
});
