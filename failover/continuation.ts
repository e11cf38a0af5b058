/**
 * How a route is asked to go on with an answer that another one began.
 *
 * @module
 */

import type { Message } from "../mod.ts";
import type { ResolvedRoute } from "./route.ts";

/** How many characters of its end tell where a text breaks off. */
const MAX_WORDS = 60;

/** Finds the last words of a text. */
function toLastWords(text: string): string {
  const end = text.trimEnd();
  if (end.length <= MAX_WORDS) return end;
  return end.slice(-MAX_WORDS).replace(/^\S*\s+(?=\S)/, "");
}

/**
 * Asks to go on. The seam is where the last words are repeated: whether a space
 * belongs there, no model tells otherwise.
 */
function toInstruction(shown: string): string {
  return "Your last message broke off. Go on with it: begin with its last " +
    `words, ${JSON.stringify(toLastWords(shown))}, and write what follows ` +
    "them as if it had never stopped. Repeat nothing else and add no remark.";
}

/**
 * Writes what a route is asked, to go on with an answer.
 *
 * @param route The route.
 * @param messages The whole chat.
 * @param shown What was shown of the answer.
 */
export function toContinuation(
  { provider }: ResolvedRoute,
  messages: readonly Message[],
  shown: string,
): readonly Message[] {
  const answer: Message = { role: "assistant", content: shown };
  if (provider.supportsPrefill) return [...messages, answer];
  return [...messages, answer, {
    role: "user",
    content: toInstruction(shown),
  }];
}
