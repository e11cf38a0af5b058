/**
 * Answers that are shown when they are whole.
 *
 * @module
 */

import { type ChatEvent, ProviderError } from "../mod.ts";
import type { AnswerWriter } from "./answer_writer.ts";

/** The most characters that are held back. */
const MAX_HELD = 32 * 1024 * 1024;

/** Makes a writer that shows nothing before an answer is whole. */
export function createHoldWriter(): AnswerWriter {
  let held: ChatEvent[] = [];
  let length = 0;

  function restart(events: ChatEvent[]): void {
    held = events;
    length = 0;
  }

  return {
    canRestart: true,
    prefix: "",
    begin(answerer) {
      restart([{ type: "route", ...answerer }]);
      return [];
    },
    write(events) {
      for (const event of events) {
        // The calls themselves come when the answer is whole.
        if (event.type === "tool-call-delta") continue;
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
