/**
 * What the end of an answer adds to it.
 *
 * @module
 */

/**
 * Finds what the final text of an answer adds to the one that was shown, if that
 * is all it does: for those who can only append.
 *
 * @param shown The text that was shown.
 * @param final The final text, as `finish.text` has it.
 * @returns What is to be added, or `undefined` where another text was shown.
 *
 * @example
 * ```ts
 * import { findAddition } from "@parley/chat/provider";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(findAddition("Good", "Good day"), " day");
 * assertEquals(findAddition("Good", "Bad day"), undefined);
 * ```
 */
export function findAddition(shown: string, final: string): string | undefined {
  if (final.startsWith(shown)) return final.slice(shown.length);
  // Some servers trim what they have streamed.
  return shown.trim() === final.trim() ? "" : undefined;
}
