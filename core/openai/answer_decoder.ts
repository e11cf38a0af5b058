/**
 * Answers of servers that speak like OpenAI's chat completions
 * ({@link https://platform.openai.com/docs/api-reference/chat-streaming | streamed chunks}
 * or one JSON object).
 *
 * @module
 */

import type { RunContext } from "../chat/definition.ts";
import type { ChatEvent } from "../chat/events.ts";
import type { UpstreamResponse } from "../chat/exchange.ts";
import type { Decoder } from "../streams/decoded_body.ts";
import type { Piece } from "../streams/piece_reader.ts";
import { tryParseJson } from "../streams/json.ts";
import { createSimilarLines } from "../streams/similar_lines.ts";
import type { SseEvent } from "../streams/sse.ts";
import { isObject, isString, withoutUndefined } from "../streams/values.ts";
import { BARE, createBodyDecoder, isEndMark, splitData } from "./body.ts";
import {
  type AnswerState,
  createAnswerState,
  type PartOptions,
} from "./answer_state.ts";
import {
  endContent,
  KEEP_ALIVES,
  readChunk,
  readFacts,
  skipChunk,
  toFacts,
} from "./chunks.ts";
import { findOnlyText, UNREAD } from "./only_text.ts";
import { addPiece } from "./parts.ts";
import { findRequestId } from "./request_id.ts";
import { toUsage } from "./usage.ts";

/** How an answer is read. */
export interface DecoderOptions extends PartOptions {
  /** Whether usage was asked for, which is then waited for a little longer. */
  readonly expectsUsage?: boolean | undefined;
}

/** How long more is waited for after a finish reason, in milliseconds. */
const TRAILER_TIME = 2_000;

/** The same, as long as usage was asked for and has not come. */
const USAGE_TIME = 5_000;

/** What no words have: text that is packed, or not in UTF-8, has it soon. */
const BINARY = /[^\P{Cc}\s]/u;

/** JSON that cannot be read, unless a server in Python writes an error so. */
const NO_WORDS = /^(?:\[|\{(?!'error'))/;

/** How much of plain words is kept, in characters. */
const MAX_WORDS = 1_000;

/** Says why an answer cannot be read, of which nothing else is known. */
function toUnreadable(state: AnswerState, words: string): Error {
  const { run, hasContent, hasUnread } = state;
  let reason = "Answer is empty";
  if (/^\s*</.test(words)) reason = "Answer is a page";
  else if (BINARY.test(words)) reason = "Answer is no text: it may be packed";
  else if (words !== "" && !hasContent) return run.toUpstreamError(words);
  else if (hasUnread) reason = "Answer cannot be read as a whole";
  return run.fail(reason, { code: "bad-response" });
}

function addWords(words: string, line: string): string {
  if (words.length > MAX_WORDS) return words;
  return `${words}${words && " "}${line.trim().slice(0, MAX_WORDS)}`;
}

/**
 * Makes a decoder of one answer.
 *
 * @param run The run.
 * @param response The response that has it.
 * @param options How it is read.
 */
export function createAnswerDecoder(
  run: RunContext,
  response: UpstreamResponse,
  { expectsUsage = false, ...options }: DecoderOptions,
): Decoder<ChatEvent> {
  const body = createBodyDecoder(run.limits);
  const state = createAnswerState(run, options);
  const similar = createSimilarLines(findOnlyText, { unread: UNREAD });
  /** What stands where chunks should, and is no JSON. */
  let words = "";
  let bareValues = 0;

  function end(answer: ChatEvent[]): void {
    endContent(state, answer);
    const { hasContent, isRefused, meaning, word, usage, calls } = state;
    if (meaning === "failed") {
      throw run.fail("Upstream failed", {
        code: "upstream",
        retryable: true,
        words: word,
      });
    }
    const isGood = meaning === undefined
      ? hasContent && !state.hasUnread
      : hasContent || (!state.hasUnread && words === "");
    if (!isGood) throw toUnreadable(state, words);
    if (usage !== undefined) {
      answer.push({ type: "usage", usage: toUsage(usage) });
    }
    answer.push({
      type: "finish",
      reason: isRefused ? "content-filter" : meaning ?? "stop",
      ...withoutUndefined({
        rawReason: isRefused ? "refusal" : word,
        opaque: calls?.toOpaque(),
        ...toFacts(state),
        requestId: findRequestId(response.headers),
      }),
    });
  }

  function readHeld(): readonly ChatEvent[] {
    const held: ChatEvent[] = [];
    endContent(state, held);
    return held;
  }

  /** The body has ended without `[DONE]`. */
  function endBody(answer: ChatEvent[]): void {
    endContent(state, answer);
    // One JSON object is whole, whether it says why it ended or not.
    const isWhole = bareValues === 1 && !state.hasDelta;
    if (state.meaning !== undefined || isWhole) return end(answer);
    if (words === "") return;
    if (!state.hasContent) throw toUnreadable(state, words);
    throw run.fail("Answer ends before it is whole", {
      code: "incomplete",
      words,
    });
  }

  function readValue(value: unknown, answer: ChatEvent[]): void {
    readChunk(state, value, answer);
    const { hasContent, meaning, usage } = state;
    if (meaning === undefined) return;
    // Before any content a reason is no end yet: the clocks go on.
    if (!hasContent && meaning !== "failed") return;
    const isWaiting = expectsUsage && usage === undefined;
    response.settle(isWaiting ? USAGE_TIME : TRAILER_TIME);
  }

  /** Reads what is no JSON; tells whether it is the end. */
  function readOther(item: SseEvent, answer: ChatEvent[]): boolean {
    const { event, unterminated } = item;
    const data = item.data.trim();
    if (isEndMark(data)) return true;
    // An event without data keeps the connection alive; some proxies make one of
    // each comment.
    if (data === "" || KEEP_ALIVES.includes(data)) return false;
    if (event !== BARE && data.startsWith(":")) return false;
    // Some proxies write the name of the field twice.
    if (event !== BARE && data.startsWith("data:")) {
      return readEvent({ ...item, data: data.slice(5) }, answer);
    }
    const pieces = splitData(data, run.limits);
    const last = pieces.length - 1;
    if (last > 0) {
      return pieces.some((data, index) =>
        readEvent(
          index < last ? { event, data, id: "" } : { ...item, data },
          answer,
        )
      );
    }
    if (unterminated) {
      if (state.meaning !== undefined && state.hasContent) return false;
      throw run.fail("Answer is cut inside of an event", {
        code: "incomplete",
      });
    }
    if (event !== BARE) skipChunk(state, answer);
    // A buffer that was not sent whole has the next event in its line.
    const next = data.lastIndexOf("data:");
    if (next > 0 && isObject(tryParseJson(data.slice(next + 5)))) {
      return readEvent({ ...item, data: data.slice(next + 5) }, answer);
    }
    if (!NO_WORDS.test(data)) words = addWords(words, data);
    else if (event === BARE) skipChunk(state, answer);
    return false;
  }

  /** Reads a chunk that is like the ones before; tells whether it is. */
  function readSimilar(data: string, answer: ChatEvent[]): boolean {
    // After a reason it counts when something comes; a tag may be cut.
    if (state.meaning !== undefined || state.tags) return false;
    const event = similar.read(data);
    if (event === undefined) return false;
    addPiece(state, event, answer);
    return true;
  }

  /** Reads an event; tells whether it is the end. */
  function readEvent(item: SseEvent, answer: ChatEvent[]): boolean {
    const { event, data } = item;
    const isUsual = event === "message";
    if (isUsual && readSimilar(data, answer)) return false;
    readFacts(state, similar.takeLast());
    const value = tryParseJson(data);
    if (event === "error") throw run.toUpstreamError(value ?? data);
    if (!isUsual && KEEP_ALIVES.includes(event)) return false;
    if (value === undefined) return readOther(item, answer);
    // Some servers encode what they send twice.
    if (isString(value)) return readEvent({ ...item, data: value }, answer);
    if (event === BARE) bareValues++;
    readValue(value, answer);
    similar.learn(data, value);
    return false;
  }

  /** Reads the events of a piece; tells whether one is the end. */
  function readPiece(
    piece: Piece | undefined,
    answer: ChatEvent[],
  ): boolean {
    const events: SseEvent[] = [];
    let isDone = false;
    try {
      body.decode(piece, events);
    } finally {
      isDone = events.some((event) => readEvent(event, answer));
    }
    return isDone;
  }

  run.readHeld = readHeld;
  return {
    decode(piece, answer) {
      if (readPiece(piece, answer)) end(answer);
      else if (piece === undefined) endBody(answer);
    },
  };
}
