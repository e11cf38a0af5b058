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
} from "./types.ts";

/** What came of a batch. */
export interface Reading {
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

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}

/**
 * The laws of an answer: no event after `finish`, no empty text, no half of a
 * surrogate pair, no warning twice, usage once.
 */
export class AnswerReader {
  readonly #partial: PartialCollector;
  readonly #warnings = new Set<string>();
  /** Half a surrogate pair that waits for its other half, by event type. */
  readonly #halves = { text: "", reasoning: "" };
  #usage: UsageEvent | undefined;
  /** The end, once it has come. */
  finish: FinishEvent | undefined;
  /** Whether anything has been handed on that must not come twice. */
  hasContent = false;

  constructor(partial: PartialCollector) {
    this.#partial = partial;
  }

  /** Forgets what a failed attempt left half done. */
  startAttempt(): void {
    this.#halves.text = "";
    this.#halves.reasoning = "";
    this.#usage = undefined;
  }

  /**
   * Reads a batch.
   *
   * @param batch What a provider yielded.
   * @returns The events to hand on, and what the batch threw after them.
   */
  read(batch: ChatEvent | Iterable<ChatEvent>): Reading {
    const events: ChatEvent[] = [];
    let failure: Reading["failure"];
    try {
      for (const event of Symbol.iterator in batch ? batch : [batch]) {
        this.#readEvent(event, events);
        if (this.finish !== undefined) break;
      }
    } catch (error) {
      failure = { error };
    }
    const hasContent = events.some(isContent);
    this.hasContent ||= hasContent;
    return { events, hasContent, failure };
  }

  /**
   * Ends the answer.
   *
   * @returns What was held back for the end, without `finish`.
   */
  end(): ChatEvent[] {
    const events: ChatEvent[] = [];
    for (const type of ["text", "reasoning"] as const) {
      if (this.#halves[type] === "") continue;
      this.#halves[type] = "";
      events.push({ type, text: "\ufffd" });
      this.#partial.add(type, "\ufffd");
    }
    if (this.#usage !== undefined) events.push(this.#usage);
    return events;
  }

  #readEvent(event: ChatEvent, events: ChatEvent[]): void {
    switch (event.type) {
      case "text":
      case "reasoning": {
        const whole = this.#toWhole(event);
        if (whole === undefined) return;
        this.#partial.add(whole.type, whole.text);
        events.push(whole);
        return;
      }
      case "image":
        this.#partial.addImage(event.image);
        break;
      case "title":
        this.hasContent = true;
        break;
      case "warning": {
        const key = `${event.code} ${event.message}`;
        if (this.#warnings.has(key)) return;
        this.#warnings.add(key);
        break;
      }
      case "usage":
        // Some servers count anew in each chunk: the last count is the true one.
        this.#usage = event;
        return;
      case "conversation":
        return;
      case "finish":
        this.finish = event;
        return;
    }
    events.push(event);
  }

  /** Holds back half a surrogate pair until its other half comes. */
  #toWhole<T extends TextEvent | ReasoningEvent>(event: T): T | undefined {
    const { text, type } = event;
    if (text === "") return undefined;
    const half = this.#halves[type];
    const endsInHalf = isHighSurrogate(text.charCodeAt(text.length - 1));
    if (half === "" && !endsInHalf && text.isWellFormed()) return event;
    const joined = half + text;
    const end = endsInHalf ? joined.length - 1 : joined.length;
    this.#halves[type] = joined.slice(end);
    const whole = joined.slice(0, end).toWellFormed();
    return whole === "" ? undefined : { ...event, text: whole };
  }
}
