/**
 * What an answer is made of.
 *
 * @module
 */

import type { ChatEvent } from "./events.ts";

/**
 * Whether an event shows a part of the answer itself.
 *
 * @param event The event.
 */
export function isContent({ type }: ChatEvent): boolean {
  return type === "text" || type === "reasoning" || type === "image" ||
    type === "tool-call-delta";
}
