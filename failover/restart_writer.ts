/**
 * Answers that begin anew in sight of the reader.
 *
 * @module
 */

import { isContent } from "../core/chat/is_content.ts";
import { type ChatEvent, type ErrorCode, ProviderError } from "../mod.ts";
import type { AnswerWriter } from "./answer_writer.ts";

/**
 * Makes a writer that says with an event that what was shown is void.
 *
 * @param onPartial Whether it may do so.
 */
export function createRestartWriter(
  onPartial: "restart" | "error",
): AnswerWriter {
  let length = 0;
  let hasShown = false;
  return {
    canRestart: () => onPartial === "restart" || !hasShown,
    toPrefix: () => "",
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
