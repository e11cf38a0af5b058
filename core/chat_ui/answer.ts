/**
 * The lines of an answer of a chat-ui server.
 *
 * @module
 */

import type { RunContext } from "../chat/definition.ts";
import type { ChatEvent } from "../chat/events.ts";
import type { UpstreamResponse } from "../chat/exchange.ts";
import { findError } from "../http/find_error.ts";
import type { Decoder } from "../streams/decoded_body.ts";
import { tryParseJson } from "../streams/json.ts";
import { createJsonLineDecoder } from "../streams/json_lines.ts";
import { type OnlyText, SimilarLines } from "../streams/similar_lines.ts";
import { isFilled, isObject } from "../streams/values.ts";
import type { ChatUiUpdates, TokenType } from "./updates.ts";

/** How long a title may take that comes after the answer, in milliseconds. */
const TITLE_TIME = 30_000;

/** Finds the token of a line that has nothing else that is read. */
function findOnlyText(
  value: unknown,
): OnlyText<TokenType> | undefined {
  if (!isObject(value) || !isFilled(value.token)) return undefined;
  const { type, token: text } = value;
  return type === "stream" || type === "reasoning" ? { type, text } : undefined;
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

/**
 * Makes a decoder of an answer: one JSON object on each line. Once the answer
 * is whole, the rest of the body, with a title, is read on for some time.
 *
 * @param run The run.
 * @param response The response to the message.
 * @param updates Reads what the lines say.
 */
export function createAnswerDecoder(
  run: RunContext,
  response: UpstreamResponse,
  updates: ChatUiUpdates,
): Decoder<ChatEvent> {
  const decoder = createJsonLineDecoder(run.limits);
  const similar = new SimilarLines(findOnlyText, { padding: "\\u0000" });

  function toMalformed(line: string, words: string = mask(line)): Error {
    return run.fail("Line of the answer is not an event", {
      code: "bad-response",
      words,
    });
  }

  function readLine(line: string, events: ChatEvent[]): void {
    const token = similar.read(line);
    if (token !== undefined) {
      updates.readToken(token.type, token.text, events);
      return;
    }
    const isWhole = updates.finish !== undefined;
    const value = tryParseJson(line);
    if (!isObject(value) || typeof value.type !== "string") {
      // After the end only what is an event counts.
      if (isWhole) return;
      throw toMalformed(line, findError(value)?.message);
    }
    if (!updates.read(value, events) && !isWhole) throw toMalformed(line);
    similar.learn(line, value);
    if (!isWhole && updates.finish !== undefined) response.settle(TITLE_TIME);
  }

  return {
    decode(piece, events) {
      const lines: string[] = [];
      try {
        decoder.decode(piece, lines);
      } finally {
        for (const line of lines) readLine(line, events);
      }
    },
  };
}
