import { assertEquals, assertThrows } from "@std/assert";
import { createAnswerWriter } from "../../failover/create_answer_writer.ts";
import { type ChatEvent, ProviderError } from "../../mod.ts";
import { FINISH, toTextEvent } from "../_parrot.ts";

const A = { provider: "A", model: "a" };
const B = { provider: "B", model: "b" };

function toRestart(discard: number): ChatEvent {
  return { type: "restart", discard, reason: "timeout", ...B };
}

Deno.test("createAnswerWriter() says who answers, and what is void (restart)", () => {
  const writer = createAnswerWriter("restart");
  assertEquals(writer.begin(A, "network"), [{ type: "route", ...A }]);
  assertEquals(writer.write([toTextEvent("👋 ab")]), [toTextEvent("👋 ab")]);
  assertEquals(writer.canRestart, true);
  assertEquals(writer.begin(B, "timeout"), [toRestart(5)]);
  writer.write([toTextEvent("x")]);
  // What was void already is not counted again.
  assertEquals(writer.begin(B, "timeout"), [toRestart(1)]);
});

Deno.test("createAnswerWriter() begins anew also where only reasoning was shown (restart)", () => {
  const writer = createAnswerWriter("restart");
  writer.begin(A, "network");
  writer.write([{ type: "reasoning", text: "hm" }]);
  assertEquals(writer.begin(B, "timeout"), [toRestart(0)]);
});

Deno.test("createAnswerWriter() says nothing of a restart where nothing was shown (restart)", () => {
  const writer = createAnswerWriter("restart");
  writer.begin(A, "network");
  writer.write([{ type: "title", title: "Day" }]);
  assertEquals(writer.begin(B, "timeout"), [{ type: "route", ...B }]);
});

Deno.test("createAnswerWriter() counts anew after the restart of a route (restart)", () => {
  const writer = createAnswerWriter("restart");
  writer.begin(A, "network");
  writer.write([toTextEvent("abc"), toRestart(3), toTextEvent("d")]);
  assertEquals(writer.begin(B, "timeout"), [toRestart(1)]);
});

Deno.test("createAnswerWriter() lets nothing follow what was shown (error)", () => {
  const writer = createAnswerWriter("error");
  assertEquals(writer.begin(A, "network"), [{ type: "route", ...A }]);
  assertEquals(writer.canRestart, true);
  writer.write([toTextEvent("a")]);
  assertEquals(writer.canRestart, false);
  const error = assertThrows(
    () => writer.write([toRestart(1)]),
    ProviderError,
    "timeout",
  );
  assertEquals(error.code, "incomplete");
});

Deno.test("createAnswerWriter() shows nothing before an answer is whole (hold)", () => {
  const writer = createAnswerWriter("hold");
  assertEquals(writer.begin(A, "network"), []);
  assertEquals(writer.write([toTextEvent("old")]), []);
  assertEquals(writer.canRestart, true);
  assertEquals(writer.begin(B, "timeout"), []);
  assertEquals(writer.write([toTextEvent("n")]), []);
  assertEquals(writer.write([toTextEvent("ew"), FINISH]), [
    { type: "route", ...B },
    toTextEvent("n"),
    toTextEvent("ew"),
    FINISH,
  ]);
});

Deno.test("createAnswerWriter() forgets what a route begins anew (hold)", () => {
  const writer = createAnswerWriter("hold");
  writer.begin(A, "network");
  writer.write([toTextEvent("old")]);
  assertEquals(writer.write([toRestart(3), toTextEvent("new"), FINISH]), [
    { type: "route", ...B },
    toTextEvent("new"),
    FINISH,
  ]);
});

Deno.test("createAnswerWriter() holds only so much (hold)", () => {
  const writer = createAnswerWriter("hold");
  writer.begin(A, "network");
  const piece = toTextEvent("x".repeat(16 * 1024 * 1024));
  writer.write([piece]);
  writer.write([piece]);
  const error = assertThrows(
    () => writer.write([toTextEvent("x")]),
    ProviderError,
  );
  assertEquals(error.code, "too-large");
  // The next answer has its own room.
  writer.begin(B, "timeout");
  assertEquals(writer.write([piece, FINISH]).length, 3);
});
