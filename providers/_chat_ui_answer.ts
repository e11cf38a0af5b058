/**
 * How a chat-ui server answers a message.
 *
 * @module
 */

import type { RunContext, UpstreamResponse } from "../core/definition.ts";
import { ProviderError } from "../core/errors.ts";
import { findError, tryParseJson } from "../core/json.ts";
import { JsonLineDecoder } from "../core/json_lines.ts";
import { isObject, isString } from "../core/shape.ts";
import { TextCollector } from "../core/text_collector.ts";
import type { ChatEvent, FinishEvent } from "../core/types.ts";

/** Types of which another shape is a fault, not something new. */
const KNOWN_TYPES = ["status", "stream", "title", "finalAnswer"];

/** Tokens are padded, so that their lengths tell nothing to who listens. */
function unpad(text: string): string {
  return text.includes("\0") ? text.replaceAll("\0", "") : text;
}

/** Shows how a line is built without showing what it says. */
function mask(line: string): string {
  if (!line.startsWith("{")) return `${/^\S{0,16}/.exec(line)?.[0]}…`;
  const beginning = line.slice(0, 200);
  return beginning.replace(
    /"(?:[^"\\]|\\.)*("|$)/gs,
    (text: string, end: string, index: number) =>
      /^\w+"\s*:/.test(beginning.slice(index + 1)) ? text : `"…${end}`,
  );
}

/** The answer to one message: one JSON object on each line. */
export class ChatUiAnswer {
  readonly #run: RunContext;
  readonly #response: UpstreamResponse;
  readonly #streamed = new TextCollector();
  /** The end, once it has come; only a title or an error may follow it. */
  #finish: FinishEvent | undefined;
  /** Whether the server still generates, as far as is known. */
  isGenerating = true;

  /**
   * Makes a reader.
   *
   * @param run The run.
   * @param response The response to the message.
   */
  constructor(run: RunContext, response: UpstreamResponse) {
    this.#run = run;
    this.#response = response;
  }

  /** Reads to the end. */
  async *read(): AsyncGenerator<ChatEvent | Iterable<ChatEvent>> {
    const decoder = new JsonLineDecoder(this.#run.limits);
    try {
      for await (const lines of this.#response.decode(decoder)) {
        yield this.#readLines(lines);
      }
      this.isGenerating = false;
    } catch (error) {
      const isCut = error instanceof ProviderError &&
        error.code === "incomplete";
      if (isCut) this.isGenerating = false;
      // That the rest of a whole answer is cut takes nothing from it.
      if (!this.#finish || this.#run.signal.aborted) throw error;
    }
    if (this.#finish) yield this.#finish;
  }

  *#readLines(lines: readonly string[]): Generator<ChatEvent> {
    for (const line of lines) {
      const value = this.#parse(line);
      if (value === undefined) continue;
      // The usual line, of which an answer has thousands, needs no schema.
      if (value.type === "stream" && typeof value.token === "string") {
        yield* this.#readToken(value.token);
      } else {
        yield* this.#readEvent(line, value);
      }
    }
  }

  *#readToken(token: string): Generator<ChatEvent> {
    if (this.#finish !== undefined) return;
    const text = unpad(token);
    this.#streamed.add(text);
    yield { type: "text", text };
  }

  *#readEvent(
    line: string,
    value: Record<string, unknown>,
  ): Generator<ChatEvent> {
    const { type, status, message, token, title, text, interrupted } = value;
    if (type === "status" && isString(status)) {
      if (status !== "error") return;
      const words = isString(message) ? message : "";
      this.isGenerating = false;
      throw this.#run.fail("Generation failed", { code: "upstream", words });
    }
    if (type === "reasoning") {
      if (isString(token)) yield { type, text: unpad(token) };
    } else if (type === "title" && isString(title)) {
      yield { type, title: unpad(title) };
    } else if (type === "finalAnswer" && isString(text)) {
      yield* this.#end(unpad(text), interrupted === true);
    } else if (KNOWN_TYPES.includes(String(type))) {
      if (this.#finish === undefined) throw this.#malformed(line);
    } else {
      yield {
        type: "warning",
        code: "ignored-event",
        message: `Events of type "${
          String(type).replace(/\W/g, "").slice(0, 40)
        }" are ignored`,
      };
    }
  }

  *#end(text: string, isInterrupted: boolean): Generator<ChatEvent> {
    if (this.#finish !== undefined) return;
    const streamed = this.#streamed.toString();
    this.isGenerating = false;
    if (text === "" && streamed === "" && !isInterrupted) {
      throw this.#run.fail("Answer has no text", { code: "bad-response" });
    }
    const isContinued = text.startsWith(streamed);
    this.#finish = {
      type: "finish",
      reason: isInterrupted ? "interrupted" : "stop",
      ...(!isContinued && { text }),
    };
    this.#response.settle();
    if (isContinued) yield { type: "text", text: text.slice(streamed.length) };
  }

  /** Parses a line; after the end only what is an event counts. */
  #parse(line: string): Record<string, unknown> | undefined {
    const value = tryParseJson(line);
    if (isObject(value) && typeof value.type === "string") return value;
    if (this.#finish !== undefined) return undefined;
    throw this.#malformed(line, findError(value).message);
  }

  #malformed(line: string, message: string = mask(line)): Error {
    return this.#run.fail("Line of the answer is not an event", {
      code: "bad-response",
      words: message,
    });
  }
}
