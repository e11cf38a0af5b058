import { assertEquals, assertThrows } from "@std/assert";
import { DEFAULT_LIMITS } from "../../core/http/provider_config.ts";
import { createAnswerWriter } from "../../failover/create_answer_writer.ts";
import { LazyImage } from "../../core/run/lazy_image.ts";
import { type ChatEvent, ProviderError } from "../../mod.ts";
import { FINISH, toTextEvent } from "../_parrot.ts";

const A = { provider: "A", model: "a" };
const B = { provider: "B", model: "b" };

function toRestart(discard: number): ChatEvent {
  return { type: "restart", discard, reason: "timeout", ...B };
}

Deno.test("createAnswerWriter() says who answers, and what is void (restart)", () => {
  const writer = createAnswerWriter("restart", DEFAULT_LIMITS);
  assertEquals(writer.begin(A, "network"), [{ type: "route", ...A }]);
  assertEquals(writer.write([toTextEvent("👋 ab")]), [toTextEvent("👋 ab")]);
  assertEquals(writer.canRestart(), true);
  assertEquals(writer.begin(B, "timeout"), [toRestart(5)]);
  writer.write([toTextEvent("x")]);
  // What was void already is not counted again.
  assertEquals(writer.begin(B, "timeout"), [toRestart(1)]);
});

Deno.test("createAnswerWriter() begins anew also where only reasoning was shown (restart)", () => {
  const writer = createAnswerWriter("restart", DEFAULT_LIMITS);
  writer.begin(A, "network");
  writer.write([{ type: "reasoning", text: "hm" }]);
  assertEquals(writer.begin(B, "timeout"), [toRestart(0)]);
});

Deno.test("createAnswerWriter() says nothing of a restart where nothing was shown (restart)", () => {
  const writer = createAnswerWriter("restart", DEFAULT_LIMITS);
  writer.begin(A, "network");
  writer.write([{ type: "title", title: "Day" }]);
  assertEquals(writer.begin(B, "timeout"), [{ type: "route", ...B }]);
});

Deno.test("createAnswerWriter() counts anew after the restart of a route (restart)", () => {
  const writer = createAnswerWriter("restart", DEFAULT_LIMITS);
  writer.begin(A, "network");
  writer.write([toTextEvent("abc"), toRestart(3), toTextEvent("d")]);
  assertEquals(writer.begin(B, "timeout"), [toRestart(1)]);
});

Deno.test("createAnswerWriter() lets nothing follow what was shown (error)", () => {
  const writer = createAnswerWriter("error", DEFAULT_LIMITS);
  assertEquals(writer.begin(A, "network"), [{ type: "route", ...A }]);
  assertEquals(writer.canRestart(), true);
  writer.write([toTextEvent("a")]);
  assertEquals(writer.canRestart(), false);
  const error = assertThrows(
    () => writer.write([toRestart(1)]),
    ProviderError,
    "timeout",
  );
  assertEquals(error.code, "incomplete");
});

Deno.test("createAnswerWriter() shows nothing before an answer is whole (hold)", () => {
  const writer = createAnswerWriter("hold", DEFAULT_LIMITS);
  assertEquals(writer.begin(A, "network"), []);
  assertEquals(writer.write([toTextEvent("old")]), []);
  assertEquals(writer.canRestart(), true);
  assertEquals(writer.begin(B, "timeout"), []);
  assertEquals(writer.write([toTextEvent("n")]), []);
  assertEquals(writer.write([toTextEvent("ew"), FINISH]), [
    { type: "route", ...B },
    toTextEvent("new"),
    FINISH,
  ]);
});

Deno.test("createAnswerWriter() shows the final text, and no other (hold)", () => {
  const writer = createAnswerWriter("hold", DEFAULT_LIMITS);
  writer.begin(A, "network");
  writer.write([toTextEvent("draft"), { type: "reasoning", text: "hm" }]);
  const finish: ChatEvent = { type: "finish", reason: "stop" };
  assertEquals(writer.write([{ ...finish, text: "whole" }]), [
    { type: "route", ...A },
    { type: "reasoning", text: "hm" },
    toTextEvent("whole"),
    finish,
  ]);
});

Deno.test("createAnswerWriter() forgets what a route begins anew (hold)", () => {
  const writer = createAnswerWriter("hold", DEFAULT_LIMITS);
  writer.begin(A, "network");
  writer.write([toTextEvent("old")]);
  assertEquals(writer.write([toRestart(3), toTextEvent("new"), FINISH]), [
    { type: "route", ...B },
    toTextEvent("new"),
    FINISH,
  ]);
});

Deno.test("createAnswerWriter() holds only so much (hold)", () => {
  const limits = {
    ...DEFAULT_LIMITS,
    answerLength: 1_000,
    answerImageBytes: 2_000,
  };
  const prompt = "";
  const image: ChatEvent = {
    type: "image",
    image: new LazyImage({ url: "https://a.example/1.png" }, {
      prompt,
      maxBytes: 1,
      download: () => Promise.reject(),
    }),
  };
  const long = toTextEvent("x".repeat(500));
  const short: ChatEvent = { type: "reasoning", text: "y" };
  const writer = createAnswerWriter("hold", limits);
  for (const [event, count] of [[long, 2], [image, 2]] as const) {
    writer.begin(A, "network");
    const events = Array(count).fill(event);
    const error = assertThrows(() => writer.write(events), ProviderError);
    assertEquals(error.code, "too-large");
  }
  // Many short ones take more than their text.
  writer.begin(A, "network");
  const events = Array(10).fill([toTextEvent("x"), short]).flat();
  assertThrows(() => writer.write(events), ProviderError);
  // The next answer has its own room.
  writer.begin(B, "timeout");
  assertEquals(writer.write([long, image, FINISH]).length, 4);
});
