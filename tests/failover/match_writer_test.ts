import { assertEquals, assertThrows } from "@std/assert";
import { createMatchWriter } from "../../failover/match_writer.ts";
import { type ChatEvent, ProviderError } from "../../mod.ts";
import { createRandom } from "@parley/testing";
import { FINISH, toTextEvent } from "../_parrot.ts";
import { randomInt } from "../_random.ts";

const A = { provider: "A", model: "a" };
const B = { provider: "B", model: "b" };
const C = { provider: "C", model: "c" };

const toReasoning = (text: string): ChatEvent => ({ type: "reasoning", text });

/** Writes one answer after another, each of which but the last breaks off. */
function write(...answers: readonly (readonly ChatEvent[])[]): ChatEvent[] {
  const writer = createMatchWriter();
  return answers.flatMap((events, index) => [
    ...writer.begin([A, B, C][index] ?? A, "network"),
    ...events.flatMap((event) => writer.write([event])),
  ]);
}

function join(events: readonly ChatEvent[], type = "text"): string {
  return events.map((event) =>
    event.type === type && "text" in event ? event.text : ""
  ).join("");
}

function assertDiffers(...answers: readonly (readonly ChatEvent[])[]): void {
  const error = assertThrows(() => write(...answers), ProviderError);
  assertEquals(error.code, "incomplete");
}

/** Cuts a text into pieces, each with whole characters. */
function cut(text: string, random: () => number): ChatEvent[] {
  const characters = [...text];
  const pieces: ChatEvent[] = [];
  while (characters.length > 0) {
    pieces.push(toTextEvent(
      characters.splice(0, 1 + randomInt(random, 6)).join(""),
    ));
  }
  return pieces;
}

Deno.test("createMatchWriter() goes on after what was shown, and says who does", () => {
  const events = write(
    [toTextEvent("Good "), toTextEvent("da")],
    [toTextEvent("Goo"), toTextEvent("d day"), toTextEvent("!"), FINISH],
  );
  assertEquals(events, [
    { type: "route", ...A },
    toTextEvent("Good "),
    toTextEvent("da"),
    { type: "route", ...B },
    toTextEvent("y"),
    toTextEvent("!"),
    FINISH,
  ]);
});

Deno.test("createMatchWriter() says who answers where nothing new is said", () => {
  assertEquals(write([toTextEvent("Hi")], [toTextEvent("Hi"), FINISH]), [
    { type: "route", ...A },
    toTextEvent("Hi"),
    { type: "route", ...B },
    FINISH,
  ]);
});

Deno.test("createMatchWriter() gives one answer, however all are cut", () => {
  const answer = "Grüße 👋🏽 aus 東京, e\u0301 und 👨‍👩‍👧 & 𝒳.";
  const random = createRandom(1);
  for (let count = 0; count < 2_000; count++) {
    const [first, second, third] = [0, 0, 0].map(() => cut(answer, random));
    const events = write(
      first?.slice(0, randomInt(random, first.length + 1)) ?? [],
      second?.slice(0, randomInt(random, second.length + 1)) ?? [],
      [...third ?? [], FINISH],
    );
    assertEquals(join(events), answer);
    for (const event of events) {
      assertEquals("text" in event && event.text === "", false);
      if ("text" in event) assertEquals(event.text?.isWellFormed(), true);
    }
  }
});

Deno.test("createMatchWriter() fails where an answer differs at any character", () => {
  const answer = "abcdefghij";
  for (let index = 0; index < answer.length; index++) {
    const other = answer.slice(0, index) + "X" + answer.slice(index + 1);
    for (const size of [1, 3, 10]) {
      const pieces = other.match(new RegExp(`.{1,${size}}`, "g")) ?? [];
      assertDiffers([toTextEvent(answer)], pieces.map(toTextEvent));
    }
  }
});

Deno.test("createMatchWriter() shows nothing of an answer that differs", () => {
  const writer = createMatchWriter();
  writer.begin(A, "network");
  writer.write([toTextEvent("ab")]);
  writer.begin(B, "network");
  assertEquals(writer.write([toTextEvent("a")]), []);
  assertThrows(() => writer.write([toTextEvent("X and more")]), ProviderError);
  // A third one is compared with what was shown, and with nothing else.
  writer.begin(C, "network");
  assertEquals(writer.write([toTextEvent("abc")]), [
    { type: "route", ...C },
    toTextEvent("c"),
  ]);
});

Deno.test("createMatchWriter() fails where an answer ends before what was shown", () => {
  assertDiffers([toTextEvent("Good day")], [toTextEvent("Good"), FINISH]);
  assertDiffers([toTextEvent("Good day")], [FINISH]);
  assertDiffers([toReasoning("hm")], [toTextEvent("Good"), FINISH]);
});

Deno.test("createMatchWriter() compares reasoning, apart from text", () => {
  const events = write(
    [toReasoning("so it"), toTextEvent("Good")],
    [toReasoning("so it is"), toTextEvent("Good day"), FINISH],
  );
  assertEquals(join(events, "reasoning"), "so it is");
  assertEquals(join(events), "Good day");
  assertDiffers([toReasoning("so it")], [toReasoning("I think")]);
});

Deno.test("createMatchWriter() goes on where a third answer is longer than both", () => {
  const events = write(
    [toTextEvent("ab")],
    [toTextEvent("abcd")],
    [toTextEvent("abc"), toTextEvent("def"), FINISH],
  );
  assertEquals(join(events), "abcdef");
  assertEquals(
    events.flatMap((event) => event.type === "route" ? event.provider : []),
    ["A", "B", "C"],
  );
});

Deno.test("createMatchWriter() compares what a route itself begins anew", () => {
  const restart: ChatEvent = {
    type: "restart",
    discard: 2,
    reason: "network",
    ...B,
  };
  const events = write([
    toTextEvent("ab"),
    restart,
    toTextEvent("abc"),
    FINISH,
  ]);
  assertEquals(events, [
    { type: "route", ...A },
    toTextEvent("ab"),
    { type: "route", ...B },
    toTextEvent("c"),
    FINISH,
  ]);
  assertDiffers([toTextEvent("ab"), restart, toTextEvent("b")]);
});

Deno.test("createMatchWriter() has no other answer follow what it cannot compare", () => {
  const writer = createMatchWriter();
  writer.begin(A, "network");
  assertEquals(writer.canRestart(), true);
  writer.write([toTextEvent("x".repeat(1024 * 1024))]);
  assertEquals(writer.canRestart(), true);
  writer.write([toTextEvent("x")]);
  assertEquals(writer.canRestart(), false);
  assertEquals(writer.write([toTextEvent("x"), FINISH]), [
    toTextEvent("x"),
    FINISH,
  ]);
});
