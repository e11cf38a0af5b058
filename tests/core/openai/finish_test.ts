import { assert, assertEquals } from "@std/assert";
import type { ChatEvent } from "../../../core/chat/events.ts";
import { DONE, read, toChunk, toData, toText } from "./_reader.ts";

Deno.test("readOpenAiAnswer() knows the words of servers for the end", async () => {
  const reasons = {
    "stop": "stop",
    "EOS_TOKEN": "stop",
    "endTurn": "stop",
    "COMPLETE": "stop",
    "MAX_TOKENS": "length",
    "modelLength": "length",
    "SAFETY": "content-filter",
    "content_filter: hate": "content-filter",
    "content-filter": "content-filter",
    "ERROR_TOXIC": "content-filter",
    // There is no call, but text.
    "tool_calls": "stop",
    "stopStringFound": "stop",
    "max_new_tokens": "length",
    "token_limit": "length",
    "contextLengthReached": "length",
    "error_limit": "length",
    "safety_block": "content-filter",
    "moderation": "content-filter",
    "repetition_truncation": "other",
    "weather": "other",
    "constructor": "other",
  };
  for (const [rawReason, reason] of Object.entries(reasons)) {
    for (
      const end of [
        { choices: [{ delta: {}, finish_reason: rawReason }] },
        { choices: [{ delta: {}, finishReason: rawReason }] },
        { choices: [], finish_reason: rawReason },
      ]
    ) {
      const { events } = await read(toChunk("a") + toData(end));
      assertEquals(
        events.at(-1),
        { type: "finish", reason, rawReason } as ChatEvent,
      );
    }
  }
});

Deno.test("readOpenAiAnswer() takes no answer for whole that has failed", async () => {
  for (
    const word of [
      "error",
      "error: overloaded",
      "ABORT",
      "cancelled",
      "network_error",
      "insufficient_system_resource",
      "MALFORMED_FUNCTION_CALL",
      "server_error",
      "inference_failed",
      "user_cancelled",
      "engine_overloaded",
      "modelUnloaded",
      "TOO_MANY_TOOL_CALLS",
      "time_out",
    ]
  ) {
    const native = { native_finish_reason: word, finish_reason: "stop" };
    for (
      const end of [
        toChunk("", word),
        toChunk("", word) + toChunk("", "stop"),
        toData({ choices: [{ delta: {}, ...native }] }),
      ]
    ) {
      const { events, code, message } = await read(toChunk("a") + end + DONE);
      assertEquals([code, toText(events)], ["upstream", "a"]);
      assert(message.includes(word), message);
    }
  }
});

Deno.test("readOpenAiAnswer() waits for the words of an error after its reason", async () => {
  const { code, message } = await read(
    toChunk("a", "error") + toData({ error: { message: "Worker died" } }),
  );
  assertEquals(code, "upstream");
  assert(message.includes("Worker died"), message);
});
