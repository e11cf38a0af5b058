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
import { SimilarLines } from "../streams/similar_lines.ts";
import type { SseEvent } from "../streams/sse.ts";
import { isObject, isString, withoutUndefined } from "../streams/values.ts";
import { BARE, createBodyDecoder, isEndMark, splitData } from "./body.ts";
import {
  type AnswerState,
  createAnswerState,
  type PartOptions,
} from "./answer_state.ts";
import {
  endChoice,
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
import { toUnreadable } from "./unreadable.ts";
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

/** The same, after content of a server that said a reason with the first, too. */
const CONTENT_TIME = 30_000;

/** JSON that cannot be read, unless a server in Python writes an error so. */
const NO_WORDS = /^(?:\[|\{(?!'error'))/;

/** How much of plain words is kept, in characters. */
const MAX_WORDS = 1_000;

function addWords(words: string, line: string): string {
  if (words.length > MAX_WORDS) return words;
  return `${words}${words && " "}${line.trim().slice(0, MAX_WORDS)}`;
}

/** Decodes one answer. */
export class AnswerDecoder implements Decoder<ChatEvent> {
  readonly #run: RunContext;
  readonly #response: UpstreamResponse;
  readonly #expectsUsage: boolean;
  readonly #body: Decoder<SseEvent>;
  readonly #state: AnswerState;
  readonly #similar = new SimilarLines(findOnlyText, { unread: UNREAD });
  /** What stands where chunks should, and is no JSON. */
  #words = "";
  #bareValues = 0;
  /** Whether a reason came no later than the first content: it is said too early. */
  #isEarly = false;

  /**
   * Makes a decoder.
   *
   * @param run The run.
   * @param response The response that has the answer.
   * @param options How it is read.
   */
  constructor(
    run: RunContext,
    response: UpstreamResponse,
    options: DecoderOptions,
  ) {
    this.#run = run;
    this.#response = response;
    this.#expectsUsage = options.expectsUsage ?? false;
    this.#body = createBodyDecoder(run.limits);
    this.#state = createAnswerState(run, options);
    const readHeld = () => {
      const held: ChatEvent[] = [];
      endContent(this.#state, held);
      return held;
    };
    run.readHeld = readHeld;
  }

  decode(piece: Piece | undefined, answer: ChatEvent[]): void {
    const events: SseEvent[] = [];
    let isDone = false;
    try {
      this.#body.decode(piece, events);
    } finally {
      isDone = events.some((event) => this.#readEvent(event, answer));
    }
    if (isDone) this.#end(answer);
    else if (piece === undefined) this.#endBody(answer);
  }

  /** Reads an event; tells whether it is the end. */
  #readEvent(item: SseEvent, answer: ChatEvent[]): boolean {
    const { event, data } = item;
    const isUsual = event === "message";
    if (isUsual && this.#readSimilar(data, answer)) return false;
    readFacts(this.#state, this.#similar.takeLast());
    const value = tryParseJson(data);
    if (event === "error") throw this.#run.toUpstreamError(value ?? data);
    if (!isUsual && KEEP_ALIVES.includes(event)) return false;
    if (value === undefined) return this.#readOther(item, answer);
    // Some servers encode what they send twice.
    if (isString(value)) {
      return this.#readEvent({ ...item, data: value }, answer);
    }
    if (event === BARE) this.#bareValues++;
    this.#readValue(value, answer);
    this.#similar.learn(data, value);
    return false;
  }

  /** Reads a chunk that is like the ones before; tells whether it is. */
  #readSimilar(data: string, answer: ChatEvent[]): boolean {
    // After a reason it counts when something comes; a tag may be cut.
    if (this.#state.meaning !== undefined || this.#state.tags) return false;
    const event = this.#similar.read(data);
    if (event === undefined) return false;
    addPiece(this.#state, event, answer);
    return true;
  }

  #readValue(value: unknown, answer: ChatEvent[]): void {
    const hadContent = this.#state.hasContent;
    const { length } = answer;
    readChunk(this.#state, value, answer);
    const { hasContent, hasDelta, meaning, usage } = this.#state;
    if (meaning === undefined) return;
    // Before any content a reason is no end yet: the clocks go on.
    if (!hasContent && meaning !== "failed") return;
    this.#isEarly ||= hasDelta && !hadContent;
    if (this.#isEarly && answer.length > length) {
      return this.#response.settle(CONTENT_TIME);
    }
    const isWaiting = this.#expectsUsage && usage === undefined;
    this.#response.settle(isWaiting ? USAGE_TIME : TRAILER_TIME);
  }

  /** Reads what is no JSON; tells whether it is the end. */
  #readOther(item: SseEvent, answer: ChatEvent[]): boolean {
    const { event, unterminated } = item;
    const data = item.data.trim();
    if (isEndMark(data)) return true;
    // An event without data keeps the connection alive; some proxies make one of
    // each comment.
    if (data === "" || KEEP_ALIVES.includes(data)) return false;
    if (event !== BARE && data.startsWith(":")) return false;
    // Some proxies write the name of the field twice.
    if (event !== BARE && data.startsWith("data:")) {
      return this.#readEvent({ ...item, data: data.slice(5) }, answer);
    }
    const pieces = splitData(data, this.#run.limits);
    const last = pieces.length - 1;
    if (last > 0) {
      return pieces.some((data, index) =>
        this.#readEvent(
          index < last ? { event, data, id: "" } : { ...item, data },
          answer,
        )
      );
    }
    if (unterminated) {
      const { meaning, hasContent } = this.#state;
      if (meaning !== undefined && hasContent) return false;
      throw this.#run.fail("Answer is cut inside of an event", {
        code: "incomplete",
      });
    }
    if (event !== BARE) skipChunk(this.#state, answer);
    // A buffer that was not sent whole has the next event in its line.
    const next = data.lastIndexOf("data:");
    if (next > 0 && isObject(tryParseJson(data.slice(next + 5)))) {
      return this.#readEvent({ ...item, data: data.slice(next + 5) }, answer);
    }
    if (!NO_WORDS.test(data)) this.#words = addWords(this.#words, data);
    else if (event === BARE) skipChunk(this.#state, answer);
    return false;
  }

  /** The body has ended without `[DONE]`. */
  #endBody(answer: ChatEvent[]): void {
    const state = this.#state;
    const words = this.#words;
    endChoice(state, answer);
    // One JSON object is whole, whether it says why it ended or not.
    const isWhole = this.#bareValues === 1 && !state.hasDelta;
    if (state.meaning !== undefined || isWhole) return this.#end(answer);
    if (words === "") return;
    if (!state.hasContent) throw toUnreadable(state, words);
    throw this.#run.fail("Answer ends before it is whole", {
      code: "incomplete",
      words,
    });
  }

  #end(answer: ChatEvent[]): void {
    const state = this.#state;
    endChoice(state, answer);
    const { hasContent, isRefused, meaning, word, usage, calls } = state;
    if (meaning === "failed") {
      throw this.#run.fail("Upstream failed", {
        code: "upstream",
        retryable: true,
        words: word,
      });
    }
    const isGood = meaning === undefined
      ? hasContent && !state.hasUnread
      : hasContent || (!state.hasUnread && this.#words === "");
    if (!isGood) throw toUnreadable(state, this.#words);
    // Of an answer that failed, what is held may be half a tag.
    endContent(state, answer);
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
        requestId: findRequestId(this.#response.headers),
      }),
    });
  }
}
