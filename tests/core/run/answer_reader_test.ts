import { assert, assertEquals } from "@std/assert";
import { DEFAULT_LIMITS } from "../../../core/http/provider_config.ts";
import { AnswerReader } from "../../../core/run/answer_reader.ts";
import {
  createPartialCollector,
  toPartialAnswer,
} from "../../../core/run/partial_collector.ts";
import type { ChatEvent } from "../../../core/chat/events.ts";
import { createRandom } from "../../../packages/testing/random.ts";
import { randomInt } from "../../_random.ts";

const text = (text: string): ChatEvent => ({ type: "text", text });
const reasoning = (text: string): ChatEvent => ({ type: "reasoning", text });

function create() {
  const partial = createPartialCollector(DEFAULT_LIMITS);
  return { partial, reader: new AnswerReader(partial) };
}

Deno.test("AnswerReader hands on text and remembers it", () => {
  const { partial, reader } = create();
  assertEquals(reader.read([text("a"), text("b")]).events, [
    text("a"),
    text("b"),
  ]);
  assertEquals(reader.read(reasoning("why")).events, [reasoning("why")]);
  assertEquals(toPartialAnswer(partial).text, "ab");
  assertEquals(toPartialAnswer(partial).reasoning, "why");
});

Deno.test("AnswerReader drops empty text, which is no content", () => {
  const { reader } = create();
  assertEquals(reader.read([text(""), reasoning("")]), {
    events: [],
    hasContent: false,
    failure: undefined,
  });
  assert(!reader.hasShown);
});

Deno.test("AnswerReader drops what comes after finish [F24]", () => {
  const { partial, reader } = create();
  const finish: ChatEvent = { type: "finish", reason: "stop" };
  const { events } = reader.read([text("a"), finish, text("b")]);
  assertEquals(events, [text("a")]);
  assertEquals(reader.toFinish(), finish);
  assertEquals(toPartialAnswer(partial).text, "a");
});

Deno.test("AnswerReader gives the events before a failure", () => {
  const { partial, reader } = create();
  const error = new Error("broken");
  const { events, failure } = reader.read(function* () {
    yield text("a");
    throw error;
  }());
  assertEquals(events, [text("a")]);
  assertEquals(failure?.error, error);
  assertEquals(toPartialAnswer(partial).text, "a");
});

Deno.test("AnswerReader joins the halves of a pair", () => {
  const { partial, reader } = create();
  assertEquals(reader.read(text("a\ud83d")).events, [text("a")]);
  assertEquals(reader.read(text("\ude00b")).events, [text("😀b")]);
  assertEquals(toPartialAnswer(partial).text, "a😀b");
});

Deno.test("AnswerReader holds back a half for each type", () => {
  const { reader } = create();
  assertEquals(reader.read(text("\ud83d")).events, []);
  assertEquals(reader.read(reasoning("\ud83e")).events, []);
  assertEquals(reader.read(text("\ude00")).events, [text("😀")]);
  assertEquals(reader.read(reasoning("\udd8a")).events, [reasoning("🦊")]);
});

Deno.test("AnswerReader replaces a half whose other half never comes", () => {
  const { partial, reader } = create();
  reader.read(text("\ud83d"));
  assertEquals(reader.read(text("x\udc00")).events, [text("\ufffdx\ufffd")]);
  reader.read(text("\ud83d"));
  assertEquals(reader.end(), [text("\ufffd")]);
  assertEquals(toPartialAnswer(partial).text, "\ufffdx\ufffd\ufffd");
  assertEquals(reader.end(), []);
});

Deno.test("AnswerReader gives the same text for every cut, and it is well-formed", () => {
  const whole = "a😀b🦊\u200d🚀é\u0000c😀😀";
  const random = createRandom(7);
  for (let count = 0; count < 200; count++) {
    const { reader } = create();
    const pieces: string[] = [];
    for (let start = 0; start < whole.length;) {
      const end = start + 1 + randomInt(random, 3);
      const { events } = reader.read(text(whole.slice(start, end)));
      for (const event of events) {
        if (event.type === "text") pieces.push(event.text);
      }
      start = end;
    }
    assertEquals(pieces.join(""), whole);
    assert(pieces.every((piece) => piece.isWellFormed()));
  }
});

Deno.test("AnswerReader gives each warning once, and usage at the end", () => {
  const { reader } = create();
  const warning: ChatEvent = { type: "warning", code: "x", message: "y" };
  const usage = (outputTokens: number): ChatEvent => ({
    type: "usage",
    usage: { outputTokens },
  });
  const { events } = reader.read([warning, usage(1), warning, usage(2)]);
  assertEquals(events, [warning]);
  assertEquals(reader.read(warning).events, []);
  assertEquals([reader.end(), reader.usage], [[], usage(2)]);
  assert(!reader.hasShown);
});

Deno.test("AnswerReader gives so many warnings, and so much of each", () => {
  const { reader } = create();
  const { events } = reader.read(
    Array.from({ length: 60 }, (_, index) => ({
      type: "warning" as const,
      code: `odd ${"-".repeat(100)}`,
      message: `${index}\n\u001b[31m${"x".repeat(1_000)}`,
    })),
  );
  assertEquals(events.length, 50);
  for (const event of events) {
    if (event.type !== "warning") continue;
    assert(/^[^\p{Cc}]{1,64}$/u.test(event.code));
    assert(/^[^\p{Cc}]{1,300}$/u.test(event.message));
  }
});

Deno.test("AnswerReader takes a title for something that must not come twice", () => {
  const { reader } = create();
  const title: ChatEvent = { type: "title", title: "T" };
  assertEquals(reader.read(title), {
    events: [title],
    hasContent: false,
    failure: undefined,
  });
  assert(reader.hasShown);
});

Deno.test("AnswerReader forgets what a failed attempt left half done", () => {
  const { reader } = create();
  reader.read([text("\ud83d"), { type: "usage", usage: { totalTokens: 1 } }]);
  reader.startAttempt();
  assertEquals(reader.read(text("\ude00")).events, [text("\ufffd")]);
  assertEquals(reader.end(), []);
});

Deno.test("AnswerReader leaves the conversation to the run", () => {
  const { reader } = create();
  const { events } = reader.read({
    type: "conversation",
    conversation: {
      version: 1,
      provider: "p",
      origin: "https://chat.example",
      id: "1",
      model: "m",
      systemPrompt: "",
      cookies: {},
    },
  });
  assertEquals(events, []);
});
