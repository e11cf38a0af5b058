/**
 * Reads what a provider yields into what the caller gets.
 *
 * @module
 */

import type { PartialCollector } from "./partial_collector.ts";
import type {
  ChatEvent,
  FinishEvent,
  ReasoningEvent,
  TextEvent,
  UsageEvent,
} from "../chat/events.ts";

/** What came of a batch. */
export interface ReadResult {
  /** The events to hand on. */
  readonly events: readonly ChatEvent[];
  /** Whether there is text, reasoning or a picture among them. */
  readonly hasContent: boolean;
  /** What was thrown after them. */
  readonly failure: { readonly error: unknown } | undefined;
}

function isContent({ type }: ChatEvent): boolean {
  return type === "text" || type === "reasoning" || type === "image";
}

/**
 * The laws of an answer: no event after `finish`, no empty text, no half of a
 * surrogate pair, no warning twice, usage once.
 */
export interface AnswerReader {
  /** The end, once it has come. */
  readonly finish: FinishEvent | undefined;
  /** Whether anything has been handed on that must not come twice. */
  readonly hasContent: boolean;
  /** Forgets what a failed attempt left half done. */
  startAttempt(): void;
  /**
   * Reads a batch.
   *
   * @param batch What a provider yielded.
   * @returns The events to hand on, and what the batch threw after them.
   */
  read(batch: ChatEvent | Iterable<ChatEvent>): ReadResult;
  /**
   * Ends the answer.
   *
   * @returns What was held back for the end, without `finish`.
   */
  end(): ChatEvent[];
}

/**
 * Makes a reader of one answer.
 *
 * @param partial Gets what is handed on.
 */
export function createAnswerReader(partial: PartialCollector): AnswerReader {
  const warnings = new Set<string>();
  /** Half a surrogate pair that waits for its other half, by event type. */
  let halves = { text: "", reasoning: "" };
  let usage: UsageEvent | undefined;
  let finish: FinishEvent | undefined;
  let hasSpoken = false;

  /** Holds back half a surrogate pair until its other half comes. */
  function toWhole<T extends TextEvent | ReasoningEvent>(event: T): T {
    const { text, type } = event;
    if (halves[type] === "" && text.isWellFormed()) return event;
    const joined = halves[type] + text;
    const end = joined.search(/[\ud800-\udbff]?$/);
    halves[type] = joined.slice(end);
    return { ...event, text: joined.slice(0, end).toWellFormed() };
  }

  function forget(): void {
    halves = { text: "", reasoning: "" };
    usage = undefined;
  }

  function readEvent(event: ChatEvent, events: ChatEvent[]): void {
    switch (event.type) {
      case "text":
      case "reasoning": {
        const whole = toWhole(event);
        if (whole.text === "") return;
        partial.add(whole.type, whole.text);
        events.push(whole);
        return;
      }
      case "image":
        partial.addImage(event.image);
        break;
      case "restart":
        partial.restart();
        forget();
        break;
      case "title":
        hasSpoken = true;
        break;
      case "warning": {
        const key = `${event.code} ${event.message}`;
        if (warnings.has(key)) return;
        warnings.add(key);
        break;
      }
      case "usage":
        // Some servers count anew in each chunk: the last count is the true one.
        usage = event;
        return;
      case "conversation":
        return;
      case "finish":
        finish = event;
        return;
    }
    events.push(event);
  }

  return {
    get finish() {
      return finish;
    },
    get hasContent() {
      return hasSpoken;
    },
    startAttempt: forget,
    read(batch) {
      const events: ChatEvent[] = [];
      let failure: ReadResult["failure"];
      try {
        for (const event of Symbol.iterator in batch ? batch : [batch]) {
          readEvent(event, events);
          if (finish !== undefined) break;
        }
      } catch (error) {
        failure = { error };
      }
      const hasContent = events.some(isContent);
      hasSpoken ||= hasContent;
      return { events, hasContent, failure };
    },
    end() {
      const events: ChatEvent[] = [];
      for (const type of ["text", "reasoning"] as const) {
        if (halves[type] === "") continue;
        halves[type] = "";
        events.push({ type, text: "\ufffd" });
        partial.add(type, "\ufffd");
      }
      if (usage !== undefined) events.push(usage);
      return events;
    },
  };
}
