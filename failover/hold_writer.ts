/**
 * Answers that are shown when they are whole.
 *
 * @module
 */

import type {
  ChatEvent,
  FinishEvent,
  PartialAnswer,
  ReasoningEvent,
  TextEvent,
} from "../mod.ts";
import type { ResolvedLimits } from "../core/chat/provider_options.ts";
import {
  measureImage,
  toTooLargeAnswer,
} from "../core/run/partial_collector.ts";
import { TextCollector } from "../core/streams/text_collector.ts";
import type { Answerer, AnswerWriter } from "./answer_writer.ts";

/** What an event takes beside its text, in characters. */
const EVENT_LENGTH = 64;

type Piece = TextEvent | ReasoningEvent;

/** Holds events back; pieces that follow each other are joined. */
class HeldEvents {
  readonly #limits: ResolvedLimits;
  #events: ChatEvent[] = [];
  #type: Piece["type"] = "text";
  #text = new TextCollector();
  #length = 0;
  #imageBytes = 0;

  constructor(limits: ResolvedLimits) {
    this.#limits = limits;
  }

  add(event: ChatEvent): void {
    if (event.type === "text" || event.type === "reasoning") {
      if (event.type !== this.#type) this.#flush(event.type);
      this.#text.add(event.text);
      return this.#count(event.text.length);
    }
    if (event.type === "image") this.#imageBytes += measureImage(event.image);
    this.#flush();
    this.#events.push(event);
    this.#count(event.type === "source" ? event.source.url.length : 0);
  }

  /** Ends them: a final text takes the place of the one that came. */
  end({ text, ...event }: FinishEvent): void {
    if (text !== undefined) {
      this.#flush();
      this.#events = this.#events.filter(({ type }) => type !== "text");
      if (text !== "") this.add({ type: "text", text });
    }
    this.add(event);
  }

  /** Gives all events. */
  take(): readonly ChatEvent[] {
    this.#flush();
    return this.#events;
  }

  /** Gives what they say so far. */
  toAnswer(): PartialAnswer {
    this.#flush();
    const join = (type: Piece["type"]) =>
      this.#events.map((event) =>
        event.type === type && "text" in event ? event.text : ""
      ).join("");
    return {
      text: join("text"),
      reasoning: join("reasoning"),
      images: this.#events.flatMap((event) =>
        event.type === "image" ? [event.image] : []
      ),
      toolCalls: [],
    };
  }

  /** Whether there is more than may be held. */
  get isTooLarge(): boolean {
    const { answerLength, answerImageBytes } = this.#limits;
    return this.#length > answerLength || this.#imageBytes > answerImageBytes;
  }

  #count(length: number): void {
    const { answerLength, answerImageBytes } = this.#limits;
    this.#length += length;
    if (!this.isTooLarge) return;
    throw this.#length > answerLength
      ? toTooLargeAnswer(answerLength, "characters")
      : toTooLargeAnswer(answerImageBytes, "bytes");
  }

  #flush(next = this.#type): void {
    const text = `${this.#text}`;
    if (text !== "") this.#events.push({ type: this.#type, text });
    this.#type = next;
    this.#text = new TextCollector();
    this.#length += EVENT_LENGTH;
  }
}

/**
 * Makes a writer that shows nothing before an answer is whole.
 *
 * @param limits What is held back at most.
 */
export function createHoldWriter(limits: ResolvedLimits): AnswerWriter {
  let held = new HeldEvents(limits);

  function restart({ provider, model }: Answerer): void {
    held = new HeldEvents(limits);
    held.add({ type: "route", provider, model });
  }

  return {
    // Of an answer that broke off nothing was shown, and the next begins anew.
    canRestart: () => true,
    toPrefix: () => "",
    toHeld: () => held.isTooLarge ? held.toAnswer() : undefined,
    begin(answerer) {
      restart(answerer);
      return [];
    },
    write(events) {
      for (const event of events) {
        if (event.type === "restart") restart(event);
        else if (event.type === "finish") held.end(event);
        // The calls themselves come when the answer is whole.
        else if (event.type !== "tool-call-delta") held.add(event);
      }
      return events.at(-1)?.type === "finish" ? held.take() : [];
    },
  };
}
