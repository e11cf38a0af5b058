import { assertEquals, assertThrows } from "@std/assert";
import { ProviderError } from "../../../core/chat/errors.ts";
import type { Message } from "../../../core/chat/types.ts";
import { pairCalls } from "../../../core/run/pair_calls.ts";

/** Writes a chat in short: `u` asks, `a12` calls, `1` is the result of call 1. */
function toChat(short: string): Message[] {
  return short.split(" ").map((word): Message => {
    if (word === "u") return { role: "user", content: "Hi" };
    if (!word.startsWith("a")) {
      return { role: "tool", callId: word, content: "" };
    }
    const toolCalls = [...word.slice(1)].map((id) => ({
      id,
      name: "weather",
      input: {},
      rawInput: "{}",
    }));
    return { role: "assistant", content: "x", toolCalls };
  });
}

Deno.test("pairCalls() puts results in the order of their calls", () => {
  for (
    const [given, paired] of [
      ["u a u", "u a u"],
      ["u a1 1", "u a1 1"],
      ["u a12 2 1 u a1 1", "u a12 1 2 u a1 1"],
      ["u a11 1 1", "u a11 1 1"],
    ] as const
  ) {
    assertEquals(pairCalls(toChat(given)), toChat(paired));
  }
});

Deno.test("pairCalls() refuses calls without a result, and results without a call", () => {
  for (
    const [given, path] of [
      ["u a1", "messages[1].toolCalls[0]"],
      ["u a12 1", "messages[1].toolCalls[1]"],
      ["u a1 u 1", "messages[1].toolCalls[0]"],
      ["u 1", "messages[1]"],
      ["u a1 1 2", "messages[3]"],
      ["u a1 1 1", "messages[3]"],
      ["1", "messages[0]"],
    ] as const
  ) {
    const error = assertThrows(() => pairCalls(toChat(given)), ProviderError);
    assertEquals(error.code, "invalid-request");
    assertEquals(error.message.startsWith(`${path} `), true, error.message);
  }
});
