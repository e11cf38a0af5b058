/**
 * What a reader gets of answers that may break off and begin anew.
 *
 * @module
 */

import { type ChatEvent, type ErrorCode, ProviderError } from "../mod.ts";
import type { OnPartial } from "./failover_options.ts";
import { createMatchWriter } from "./match_writer.ts";

/** Who answers. */
export interface Answerer {
  /** The id of the provider. */
  readonly provider: string;
  /** The id of the model. */
  readonly model: string;
}

/** Turns the events of one answer after another into those of one. */
export interface AnswerWriter {
  /** Whether another answer may follow the one that is being written. */
  readonly canRestart: boolean;
  /**
   * Begins an answer.
   *
   * @param answerer Who gives it.
   * @param reason Why the one before broke off.
   * @returns The events to hand on.
   */
  begin(answerer: Answerer, reason: ErrorCode): readonly ChatEvent[];
  /**
   * Goes on with it.
   *
   * @param events Its events, the last of all being `finish`.
   * @returns The events to hand on.
   * @throws {ProviderError} If the answer is not what was shown already, with
   * code `incomplete`.
   */
  write(events: readonly ChatEvent[]): readonly ChatEvent[];
}

/** Whether an event shows a part of the answer itself. */
export function isContent({ type }: ChatEvent): boolean {
  return type === "text" || type === "reasoning" || type === "image";
}

/** The most characters that are held back. */
const MAX_HELD = 32 * 1024 * 1024;

/** Tells with an event that what was shown is void. */
function createRestartWriter(onPartial: "restart" | "error"): AnswerWriter {
  let length = 0;
  let hasShown = false;
  return {
    get canRestart() {
      return onPartial === "restart" || !hasShown;
    },
    begin(answerer, reason) {
      const event: ChatEvent = hasShown
        ? { type: "restart", discard: length, reason, ...answerer }
        : { type: "route", ...answerer };
      length = 0;
      hasShown = false;
      return [event];
    },
    write(events) {
      for (const event of events) {
        if (event.type === "text") length += event.text.length;
        hasShown ||= isContent(event);
        if (event.type !== "restart") continue;
        if (onPartial === "error") throw toVoidError(event.reason);
        length = 0;
      }
      return events;
    },
  };
}

function toVoidError(reason: ErrorCode): ProviderError {
  return new ProviderError(`Answer begins anew: ${reason}`, {
    code: "incomplete",
  });
}

/** Shows nothing before an answer is whole. */
function createHoldWriter(): AnswerWriter {
  let held: ChatEvent[] = [];
  let length = 0;

  function restart(events: ChatEvent[]): void {
    held = events;
    length = 0;
  }

  return {
    canRestart: true,
    begin(answerer) {
      restart([{ type: "route", ...answerer }]);
      return [];
    },
    write(events) {
      for (const event of events) {
        if (event.type === "restart") {
          const { provider, model } = event;
          restart([{ type: "route", provider, model }]);
          continue;
        }
        held.push(event);
        if ("text" in event) length += event.text?.length ?? 0;
      }
      if (length > MAX_HELD) {
        throw new ProviderError(
          `Answer is longer than ${MAX_HELD} characters`,
          { code: "too-large" },
        );
      }
      return events.at(-1)?.type === "finish" ? held : [];
    },
  };
}

/**
 * Makes a writer of one answer.
 *
 * @param onPartial What becomes of an answer that breaks off.
 */
export function createAnswerWriter(onPartial: OnPartial): AnswerWriter {
  switch (onPartial) {
    case "restart":
    case "error":
      return createRestartWriter(onPartial);
    case "match":
      return createMatchWriter();
    case "hold":
      return createHoldWriter();
  }
}
