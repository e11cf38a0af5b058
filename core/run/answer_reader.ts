/**
 * Reads what a provider yields into what the caller gets.
 *
 * @module
 */

import {
  addCall,
  addImage,
  addLength,
  addText,
  checkLength,
  createContent,
  type PartialCollector,
} from "./partial_collector.ts";
import { createStopCutter, type StopCutter } from "./stop_cutter.ts";
import {
  createWarningFilter,
  cutText,
  type WarningFilter,
} from "./warning_filter.ts";
import type {
  ChatEvent,
  FinishEvent,
  ReasoningEvent,
  TextEvent,
  ToolCallDeltaEvent,
  UsageEvent,
} from "../chat/events.ts";

/** What came of a batch. */
export interface ReadResult {
  /** The events to hand on. */
  readonly events: ChatEvent[];
  /** Whether a part of the answer itself has come, even if it is held back. */
  readonly hasContent: boolean;
  /** What was thrown after them. */
  readonly failure: { readonly error: unknown } | undefined;
}

/** How an answer is read. */
export interface ReadOptions {
  /** The words at which it is cut. */
  readonly stop?: readonly string[] | undefined;
  /**
   * What cuts it.
   *
   * @default {one of its own for each attempt}
   */
  readonly cutter?: StopCutter | undefined;
  /**
   * Whether an answer that is cut is read to its end all the same, because its
   * upstream keeps a state.
   *
   * @default {false}
   */
  readonly drains?: boolean | undefined;
}

/** The most characters of a title. */
const MAX_TITLE = 1_000;

/** What a source takes beside its URL, in characters. */
const SOURCE_LENGTH = 100;

/** The laws of the pieces that are text. */
type Piece = TextEvent | ReasoningEvent | ToolCallDeltaEvent;

/**
 * The laws of an answer: no event after `finish`, no empty text, no half of a
 * surrogate pair, no warning twice, usage once.
 */
export class AnswerReader {
  /** Whether anything has been handed on that must not come twice. */
  hasShown = false;
  /** The usage, where it has come. */
  usage: UsageEvent | undefined;
  readonly #partial: PartialCollector;
  readonly #options: ReadOptions;
  #filter: WarningFilter | undefined;
  /** Pieces that end with half a surrogate pair, which waits for the other. */
  #halves: Map<string | number, Piece> | undefined;
  #cutter: StopCutter | undefined;
  #finish: FinishEvent | undefined;
  #hasContent = false;

  /**
   * Makes a reader of one answer.
   *
   * @param partial Gets what is handed on.
   * @param options How it is read.
   */
  constructor(partial: PartialCollector, options: ReadOptions = {}) {
    this.#partial = partial;
    this.#options = options;
    this.#cutter = options.cutter;
  }

  /** Gives the end, once it has come. */
  toFinish(): FinishEvent | undefined {
    return this.#cutter?.isCut && !this.#options.drains
      ? { type: "finish", reason: "stop" }
      : this.#finish;
  }

  /** Forgets what a failed attempt left half done. */
  startAttempt(): void {
    const { stop, cutter } = this.#options;
    this.#halves = undefined;
    this.usage = undefined;
    this.#cutter = cutter ?? (stop && createStopCutter(stop));
  }

  /**
   * Reads a batch.
   *
   * @param batch What a provider yielded.
   * @param isLast Whether it is the last: no stop word is waited for any more.
   * @returns The events to hand on, and what the batch threw after them.
   */
  read(batch: ChatEvent | Iterable<ChatEvent>, isLast?: boolean): ReadResult {
    const events: ChatEvent[] = [];
    let failure: ReadResult["failure"];
    this.#hasContent = false;
    try {
      for (const event of Symbol.iterator in batch ? batch : [batch]) {
        this.#readEvent(event, events);
        if (this.toFinish() !== undefined) break;
      }
    } catch (error) {
      failure = { error };
    }
    if (isLast && this.#cutter) {
      this.#addPiece({ type: "text", text: this.#cutter.end() }, events);
    }
    return { events, hasContent: this.#hasContent, failure };
  }

  /**
   * Ends the answer.
   *
   * @returns What was held back for its end.
   */
  end(): readonly ChatEvent[] {
    const { events } = this.read([], true);
    if (this.#cutter?.isCut) return events;
    for (const half of this.#halves?.values() ?? []) {
      this.#addPiece({ ...half, text: "\ufffd" }, events);
    }
    this.#halves = undefined;
    return events;
  }

  #readEvent(event: ChatEvent, events: ChatEvent[]): void {
    const partial = this.#partial;
    switch (event.type) {
      case "text":
      case "reasoning":
      case "tool-call-delta":
        return this.#readPiece(event, events);
      case "image":
        this.#hasContent = true;
        this.hasShown = true;
        addImage(partial, event.image);
        break;
      case "restart":
        partial.content = createContent();
        this.startAttempt();
        break;
      case "title":
        this.hasShown = true;
        events.push({ ...event, title: cutText(event.title, MAX_TITLE) });
        return;
      case "source":
        addLength(partial, event.source.url.length + SOURCE_LENGTH);
        break;
      case "warning": {
        this.#filter ??= createWarningFilter();
        const warning = this.#filter(event);
        if (warning !== undefined) events.push(warning);
        return;
      }
      case "usage":
        // Some servers count anew in each chunk: the last count is the true one.
        this.usage = event;
        return;
      case "conversation":
        return;
      case "finish":
        this.#finish = this.#readFinish(event);
        return;
    }
    events.push(event);
  }

  #readPiece(event: Piece, events: ChatEvent[]): void {
    const cutter = this.#cutter;
    this.#hasContent ||= event.text !== "" || event.type === "tool-call-delta";
    if (cutter?.isCut) return;
    const whole = this.#toWhole(event);
    const shown = cutter && whole.type === "text"
      ? { ...whole, text: cutter.add(whole.text) }
      : whole;
    this.#addPiece(shown, events);
  }

  /** Holds back half a surrogate pair until its other half comes. */
  #toWhole<T extends Piece>(event: T): T {
    const key = event.type === "tool-call-delta" ? event.index : event.type;
    const half = this.#halves?.get(key);
    if (half === undefined && event.text.isWellFormed()) return event;
    this.#halves ??= new Map();
    this.#halves.delete(key);
    const joined = (half?.text ?? "") + event.text;
    const end = joined.search(/[\ud800-\udbff]?$/);
    const text = joined.slice(end);
    if (text !== "") this.#halves.set(key, { ...event, text });
    return { ...event, text: joined.slice(0, end).toWellFormed() };
  }

  #addPiece(whole: Piece, events: ChatEvent[]): void {
    const partial = this.#partial;
    // The first piece of a call names it, and may be empty.
    if (whole.type === "tool-call-delta") addCall(partial, whole);
    else if (whole.text === "") return;
    else addText(partial, whole.type, whole.text);
    this.hasShown = true;
    events.push(whole);
  }

  /** Cuts the final text of an upstream, which may differ from the streamed. */
  #readFinish(event: FinishEvent): FinishEvent {
    const { stop } = this.#options;
    checkLength(this.#partial, event.text?.length ?? 0);
    const { text, ...rest } = event;
    if (text === undefined) {
      return this.#cutter?.isCut ? { ...rest, reason: "stop" } : event;
    }
    if (stop === undefined) return event;
    const whole = createStopCutter(stop);
    const before = whole.add(text) + whole.end();
    return whole.isCut ? { ...rest, reason: "stop", text: before } : event;
  }
}
