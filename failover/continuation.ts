/**
 * How a route is asked to go on with an answer that another one began.
 *
 * @module
 */

import type { Message } from "../mod.ts";
import type { ResolvedRoute } from "./route.ts";

/**
 * Asks to go on. The seam is where the last words are repeated: nothing else says
 * whether a space belongs there.
 */
const INSTRUCTION = "Your last message broke off. Go on with it: begin with " +
  "its last few words, and write what follows them as if it had never " +
  "stopped. Repeat nothing else and add no remark.";

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
    content: INSTRUCTION,
  }];
}
