import { assertEquals, assertStringIncludes } from "@std/assert";
import { ProviderError } from "../../../core/chat/errors.ts";
import type { ProviderOptions } from "../../../core/chat/provider_options.ts";
import type { ChatEvent } from "../../../core/chat/events.ts";
import { TestBody } from "../../_body.ts";
import { createScriptedChatUi } from "../../_chat_ui.ts";
import {
  readVectors,
  type Recipe,
  toChunkings,
  toGeneratedChunks,
  type VectorInput,
} from "../../_vectors.ts";

interface Vectors {
  readonly cases: readonly (VectorInput & {
    readonly name: string;
    readonly deltas: readonly string[];
    readonly text: string;
    readonly title?: string;
    readonly message?: string;
    readonly outcome: string;
  })[];
  readonly generated: readonly (Recipe & {
    readonly name: string;
    readonly outcome: string;
  })[];
}

const OUTCOMES: Readonly<Record<string, string>> = {
  "complete": "stop",
  "interrupted": "interrupted",
  "truncated": "incomplete",
  "malformed": "bad-response",
  "upstream-error": "upstream",
  "empty": "bad-response",
  "limit": "too-large",
};

/** A line without a type is malformed, whatever else it says. */
const DIFFERENT: Readonly<Record<string, string>> = {
  "missing-type": "bad-response",
};

const { cases, generated } = await readVectors<Vectors>("ndjson");

/** Reads an answer and tells what became of it. */
async function read(body: TestBody, options?: ProviderOptions) {
  const { provider } = createScriptedChatUi({
    answer: () => new Response(body.stream),
  }, options);
  const stream = provider.stream("Hi");
  const events: ChatEvent[] = [];
  let outcome = "none";
  let message = "";
  let text: string | undefined;
  try {
    for await (const event of stream) {
      events.push(event);
      if (event.type === "finish") {
        outcome = event.reason;
        text = event.text;
      }
    }
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    outcome = error.code;
    message = error.message;
    text = error.partial?.text;
  }
  const deltas = events.filter((event) => event.type === "text")
    .map((event) => event.text);
  return {
    deltas,
    text: text ?? deltas.join(""),
    title: events.find((event) => event.type === "title")?.title,
    outcome,
    message,
    last: events.at(-1)?.type,
  };
}

/** Which faults of the catalogue a case is about. */
const FAULTS: Readonly<Record<string, string>> = {
  "title-after-4096-spaces": " [F19]",
  "blank-lines-ignored": " [F19]",
  "utf8-split": " [F01]",
  "crlf-split": " [F02]",
  "bom-at-start": " [F04]",
  "u2028-inside-string": " [F17]",
  "invalid-utf8-replaced": " [F16]",
  "eof-before-final-answer": " [T13]",
  "eof-mid-line": " [T05] [T13]",
  "eof-mid-utf8": " [T05] [T13]",
  "status-error": " [S20]",
  "status-error-no-output": " [S20]",
  "value-is-not-an-object": " [F22]",
  "value-is-null": " [F22]",
  "token-is-a-number": " [F22]",
  "duplicate-final-answer": " [F24]",
};

for (const { name, deltas, text, title, message, outcome, ...input } of cases) {
  Deno.test(`cohereC4aiCommand reads an answer: ${name}${FAULTS[name] ?? ""}`, async () => {
    for (const { how, chunks } of toChunkings(input)) {
      const actual = await read(new TestBody(chunks));
      assertEquals(actual.deltas, deltas, how);
      assertEquals(actual.text, text, how);
      assertEquals(actual.title, title, how);
      assertEquals(actual.outcome, DIFFERENT[name] ?? OUTCOMES[outcome], how);
      if (outcome === "complete") assertEquals(actual.last, "finish", how);
      assertStringIncludes(actual.message, message ?? "", how);
    }
  });
}

/** The same for long inputs. */
const LONG_FAULTS: Readonly<Record<string, string>> = {
  "line-over-limit": " [F10]",
  "spaces-only-forever": " [F10]",
};

for (const { name, outcome, ...recipe } of generated) {
  Deno.test(`cohereC4aiCommand is bounded: ${name}${LONG_FAULTS[name] ?? ""}`, async () => {
    const body = new TestBody(toGeneratedChunks(recipe));
    const actual = await read(body);
    // Blanks alone are cut, or too many: a success they are not.
    const expected = OUTCOMES[outcome] ?? "incomplete";
    assertEquals(actual.outcome, expected);
    assertEquals(actual.text, outcome === "complete" ? "x" : "");
    assertEquals(body.isCancelled, outcome === "limit");
  });
}

Deno.test("a chat-ui line that is cut inside of an escape is masked", async () => {
  for (let length = 150; length < 200; length++) {
    const token = `secret ${"x".repeat(length)}${'\\"'.repeat(50)}`;
    const { message } = await read(
      new TestBody([`{"type":"stream","token":"${token}\n`]),
    );
    assertStringIncludes(message, "not an event");
    assertEquals(message.includes("secret"), false, message);
  }
});
