/**
 * Answers that cannot be read.
 *
 * @module
 */

import type { AnswerState } from "./answer_state.ts";

/** What no words have: text that is packed, or not in UTF-8, has it soon. */
const BINARY = /[^\P{Cc}\s]/u;

/**
 * Says why an answer cannot be read, of which nothing else is known.
 *
 * @param state What is known of the answer.
 * @param words What stands where chunks should, and is no JSON.
 */
export function toUnreadable(state: AnswerState, words: string): Error {
  const { run, hasContent, hasUnread } = state;
  let reason = "Answer is empty";
  if (/^\s*</.test(words)) reason = "Answer is a page";
  else if (BINARY.test(words)) reason = "Answer is no text: it may be packed";
  else if (words !== "" && !hasContent) return run.toUpstreamError(words);
  else if (hasUnread) reason = "Answer cannot be read as a whole";
  return run.fail(reason, { code: "bad-response" });
}
