import { FakeClock } from "../../../packages/testing/fake_clock.ts";
import { assertEquals } from "@std/assert";
import { LazyImage } from "../../../core/run/lazy_image.ts";
import type { ChatEvent } from "../../../core/chat/events.ts";
import { createParrot, FINISH, toTextEvent } from "../../_parrot.ts";

function generate(...events: ChatEvent[]) {
  return createParrot({
    async *respond() {
      yield events;
    },
  }).provider.generate("Hi");
}

Deno.test("generate() collects everything that the events say", async () => {
  const image = new LazyImage({ base64: "" }, {
    prompt: "",
    maxBytes: 1,
    download: () => Promise.reject(),
  });
  const result = await generate(
    { type: "title", title: "T" },
    { type: "reasoning", text: "why" },
    toTextEvent("a"),
    { type: "image", image },
    { type: "warning", code: "x", message: "y" },
    toTextEvent("b"),
    { type: "usage", usage: { totalTokens: 3 } },
    { type: "finish", reason: "length", rawReason: "max" },
  );
  assertEquals<unknown>(result, {
    provider: "Parrot",
    model: "grey",
    text: "ab",
    reasoning: "why",
    images: [image],
    toolCalls: [],
    toolCallErrors: [],
    title: "T",
    usage: { totalTokens: 3 },
    finishReason: "length",
    warnings: [{ code: "x", message: "y" }],
    attempts: [{
      provider: "Parrot",
      model: "grey",
      startedAt: new FakeClock().now(),
      firstTokenMs: 0,
      endMs: 0,
    }],
  });
});

Deno.test("generate() has no field for what was not said", async () => {
  const result = await generate(FINISH);
  assertEquals(Object.keys(result).sort(), [
    "attempts",
    "finishReason",
    "images",
    "model",
    "provider",
    "reasoning",
    "text",
    "toolCallErrors",
    "toolCalls",
    "warnings",
  ]);
});

Deno.test("generate() takes the final text of the upstream over what was streamed", async () => {
  const result = await generate(toTextEvent("ab"), {
    type: "finish",
    reason: "stop",
    text: "",
  });
  assertEquals(result.text, "");
});

Deno.test("generate() keeps the whole of a very long text", async () => {
  const piece = toTextEvent("x".repeat(1024 * 1024));
  const { text } = await generate(...Array(6).fill(piece), FINISH);
  assertEquals(text.length, 6 * 1024 * 1024);
});
