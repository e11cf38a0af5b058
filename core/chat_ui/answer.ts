/**
 * How a chat-ui server answers a message.
 *
 * @module
 */

import type { RunContext } from "../chat/definition.ts";
import type { UpstreamResponse } from "../chat/exchange.ts";
import { isProviderError } from "../chat/errors.ts";
import { findError } from "../http/find_error.ts";
import { tryParseJson } from "../streams/json.ts";
import { createJsonLineDecoder } from "../streams/json_lines.ts";
import { isObject, isString } from "../streams/values.ts";
import { createTextCollector } from "../streams/text_collector.ts";
import type { ChatEvent, FinishEvent } from "../chat/events.ts";

/** Types of which another shape is a fault, not something new. */
const KNOWN_TYPES = ["status", "stream", "title", "finalAnswer"];

/** Tokens are padded, so that their lengths tell nothing to who listens. */
function unpad(text: string): string {
  return text.replace(/\0+/g, "");
}

/** Shows how a line is built without showing what it says. */
function mask(line: string): string {
  if (!line.startsWith("{")) return `${/^\S{0,16}/.exec(line)?.[0]}…`;
  const beginning = line.slice(0, 200);
  return beginning.replace(
    // The cut may go through an escape.
    /"(?:[^"\\]|\\.|\\$)*("|$)/gs,
    (text: string, end: string, index: number) =>
      /^\w+"\s*:/.test(beginning.slice(index + 1)) ? text : `"…${end}`,
  );
}

/** The answer to one message: one JSON object on each line. */
export interface ChatUiAnswer {
  /** Whether the server still generates, as far as is known. */
  readonly isGenerating: boolean;
  /** Reads to the end. */
  read(): AsyncGenerator<ChatEvent | Iterable<ChatEvent>>;
}

/**
 * Makes a reader of the answer to one message.
 *
 * @param run The run.
 * @param response The response to the message.
 */
export function createChatUiAnswer(
  run: RunContext,
  response: UpstreamResponse,
): ChatUiAnswer {
  const decoder = createJsonLineDecoder(run.limits);
  const streamed = createTextCollector();
  /** The end, once it has come; only a title or an error may follow it. */
  let finish: FinishEvent | undefined;
  let isGenerating = true;

  function toMalformed(line: string, words: string = mask(line)): Error {
    return run.fail("Line of the answer is not an event", {
      code: "bad-response",
      words,
    });
  }

  /** Parses a line; after the end only what is an event counts. */
  function parse(line: string): Record<string, unknown> | undefined {
    const value = tryParseJson(line);
    if (isObject(value) && typeof value.type === "string") return value;
    if (finish !== undefined) return undefined;
    throw toMalformed(line, findError(value)?.message);
  }

  function readLine(line: string, answer: ChatEvent[]): void {
    const value = parse(line);
    if (value === undefined) return;
    // The usual line, of which an answer has thousands.
    if (value.type !== "stream" || !isString(value.token)) {
      readEvent(line, value, answer);
    } else if (finish === undefined) {
      const text = unpad(value.token);
      // A final text, which is one line, never goes on with a longer one.
      streamed.add(text, run.limits.eventLength);
      answer.push({ type: "text", text });
    }
  }

  function readEvent(
    line: string,
    value: Record<string, unknown>,
    answer: ChatEvent[],
  ): void {
    const { type, status, message, token, title, text, interrupted } = value;
    if (type === "status" && isString(status)) {
      if (status !== "error") return;
      const words = isString(message) ? message : "";
      isGenerating = false;
      finish = undefined;
      throw run.fail("Generation failed", { code: "upstream", words });
    }
    if (type === "reasoning") {
      if (isString(token)) answer.push({ type, text: unpad(token) });
    } else if (type === "title" && isString(title)) {
      answer.push({ type, title: unpad(title) });
    } else if (type === "finalAnswer" && isString(text)) {
      readEnd(unpad(text), interrupted === true, answer);
    } else if (KNOWN_TYPES.includes(String(type))) {
      if (finish === undefined) throw toMalformed(line);
    } else {
      answer.push({
        type: "warning",
        code: "ignored-event",
        message: `Events of type "${
          String(type).replace(/\W/g, "").slice(0, 40)
        }" are ignored`,
      });
    }
  }

  function readEnd(
    text: string,
    isInterrupted: boolean,
    answer: ChatEvent[],
  ): void {
    if (finish !== undefined) return;
    const beginning = streamed.toString();
    isGenerating = false;
    if (text === "" && beginning === "" && !isInterrupted) {
      throw run.fail("Answer has no text", { code: "bad-response" });
    }
    const isContinued = text.startsWith(beginning);
    finish = {
      type: "finish",
      reason: isInterrupted ? "interrupted" : "stop",
      ...(!isContinued && { text }),
    };
    response.settle();
    if (isContinued) {
      answer.push({ type: "text", text: text.slice(beginning.length) });
    }
  }

  function decode(piece: Uint8Array | undefined, answer: ChatEvent[]): void {
    const lines: string[] = [];
    try {
      decoder.decode(piece, lines);
    } finally {
      for (const line of lines) readLine(line, answer);
    }
  }

  return {
    get isGenerating() {
      return isGenerating;
    },
    async *read() {
      try {
        yield* response.decode({ decode });
        isGenerating = false;
      } catch (error) {
        const isCut = isProviderError(error) &&
          error.code === "incomplete";
        if (isCut) isGenerating = false;
        // That the rest of a whole answer is cut takes nothing from it.
        if (!finish || run.signal.aborted) throw error;
      }
      if (finish) yield finish;
    },
  };
}
