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
import type { Writable } from "../streams/writable.ts";

/** What came of a batch. */
export interface ReadResult {
  /** The events to hand on. */
  readonly events: readonly ChatEvent[];
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

/**
 * The laws of an answer: no event after `finish`, no empty text, no half of a
 * surrogate pair, no warning twice, usage once.
 */
export interface AnswerReader {
  /** Gives the end, once it has come. */
  toFinish(): FinishEvent | undefined;
  /** Whether anything has been handed on that must not come twice. */
  readonly hasShown: boolean;
  /** Forgets what a failed attempt left half done. */
  startAttempt(): void;
  /**
   * Reads a batch.
   *
   * @param batch What a provider yielded.
   * @param isLast Whether it is the last: no stop word is waited for any more.
   * @returns The events to hand on, and what the batch threw after them.
   */
  read(
    batch: ChatEvent | Iterable<ChatEvent>,
    isLast?: boolean,
  ): ReadResult;
  /**
   * Ends the answer.
   *
   * @returns What was held back for its end.
   */
  end(): readonly ChatEvent[];
  /** The usage, where it has come. */
  readonly usage: UsageEvent | undefined;
}

/** The most characters of a title. */
const MAX_TITLE = 1_000;

/** What a source takes beside its URL, in characters. */
const SOURCE_LENGTH = 100;

/** The laws of the pieces that are text. */
type Piece = TextEvent | ReasoningEvent | ToolCallDeltaEvent;

/**
 * Makes a reader of one answer.
 *
 * @param partial Gets what is handed on.
 * @param options How it is read.
 */
export function createAnswerReader(
  partial: PartialCollector,
  { stop, cutter: given, drains = false }: ReadOptions = {},
): AnswerReader {
  let filter: WarningFilter | undefined;
  /** Pieces that end with half a surrogate pair, which waits for the other. */
  let halves: Map<string | number, Piece> | undefined;
  let cutter = given;
  let finish: FinishEvent | undefined;
  let hasContent = false;

  /** Holds back half a surrogate pair until its other half comes. */
  function toWhole<T extends Piece>(event: T): T {
    const key = event.type === "tool-call-delta" ? event.index : event.type;
    const half = halves?.get(key);
    if (half === undefined && event.text.isWellFormed()) return event;
    halves ??= new Map();
    halves.delete(key);
    const joined = (half?.text ?? "") + event.text;
    const end = joined.search(/[\ud800-\udbff]?$/);
    const text = joined.slice(end);
    if (text !== "") halves.set(key, { ...event, text });
    return { ...event, text: joined.slice(0, end).toWellFormed() };
  }

  function startAttempt(): void {
    halves = undefined;
    reader.usage = undefined;
    cutter = given ?? (stop && createStopCutter(stop));
  }

  function addPiece(whole: Piece, events: ChatEvent[]): void {
    // The first piece of a call names it, and may be empty.
    if (whole.type === "tool-call-delta") addCall(partial, whole);
    else if (whole.text === "") return;
    else addText(partial, whole.type, whole.text);
    reader.hasShown = true;
    events.push(whole);
  }

  function readPiece(event: Piece, events: ChatEvent[]): void {
    hasContent ||= event.text !== "" || event.type === "tool-call-delta";
    if (cutter?.isCut) return;
    const whole = toWhole(event);
    if (cutter === undefined || whole.type !== "text") {
      return addPiece(whole, events);
    }
    addPiece({ ...whole, text: cutter.add(whole.text) }, events);
  }

  /** Cuts the final text of an upstream, which may differ from the streamed. */
  function readFinish(event: FinishEvent): FinishEvent {
    checkLength(partial, event.text?.length ?? 0);
    const { text, ...rest } = event;
    if (text === undefined) {
      return cutter?.isCut ? { ...rest, reason: "stop" } : event;
    }
    if (stop === undefined) return event;
    const whole = createStopCutter(stop);
    const before = whole.add(text) + whole.end();
    return whole.isCut ? { ...rest, reason: "stop", text: before } : event;
  }

  function readEvent(event: ChatEvent, events: ChatEvent[]): void {
    switch (event.type) {
      case "text":
      case "reasoning":
      case "tool-call-delta":
        return readPiece(event, events);
      case "image":
        hasContent = true;
        reader.hasShown = true;
        addImage(partial, event.image);
        break;
      case "restart":
        partial.content = createContent();
        startAttempt();
        break;
      case "title":
        reader.hasShown = true;
        events.push({ ...event, title: cutText(event.title, MAX_TITLE) });
        return;
      case "source":
        addLength(partial, event.source.url.length + SOURCE_LENGTH);
        break;
      case "warning": {
        filter ??= createWarningFilter();
        const warning = filter(event);
        if (warning !== undefined) events.push(warning);
        return;
      }
      case "usage":
        // Some servers count anew in each chunk: the last count is the true one.
        reader.usage = event;
        return;
      case "conversation":
        return;
      case "finish":
        finish = readFinish(event);
        return;
    }
    events.push(event);
  }

  const reader: Writable<AnswerReader> = {
    toFinish: () =>
      finish ??
        (cutter?.isCut && !drains
          ? { type: "finish", reason: "stop" }
          : undefined),
    hasShown: false,
    usage: undefined,
    startAttempt,
    read(batch, isLast) {
      const events: ChatEvent[] = [];
      let failure: ReadResult["failure"];
      hasContent = false;
      try {
        for (const event of Symbol.iterator in batch ? batch : [batch]) {
          readEvent(event, events);
          if (reader.toFinish() !== undefined) break;
        }
      } catch (error) {
        failure = { error };
      }
      if (isLast && cutter) {
        addPiece({ type: "text", text: cutter.end() }, events);
      }
      return { events, hasContent, failure };
    },
    end() {
      const events = [...reader.read([], true).events];
      if (cutter?.isCut) return events;
      for (const half of halves?.values() ?? []) {
        addPiece({ ...half, text: "\ufffd" }, events);
      }
      halves = undefined;
      return events;
    },
  };
  return reader;
}
