/**
 * What everybody may read of an error.
 *
 * @module
 */

import type { ProviderError } from "./errors.ts";

/** Where something was asked, which may be in a private network. */
const PLACE =
  /[:,]?(?: (?:for|at|to|by))?(?: [A-Z]+)? https?:\/\/[^\s,;]*[^\s,;:)]/g;

/**
 * Writes what everybody may read of an error, such as the clients of a server:
 * its message without the words of the upstream, which may be a page or show its
 * inside, and without where that was asked.
 *
 * @param error The error.
 * @returns Its message, as far as it is the library's own.
 *
 * @example
 * ```ts
 * import { ProviderError } from "@parley/chat";
 * import { toPublicMessage } from "@parley/chat/provider";
 * import { assertEquals } from "@std/assert";
 *
 * const body = "no space left on node-7";
 * const error = new ProviderError(`Status is 500: ${body}`, {
 *   code: "upstream",
 *   body,
 * });
 * assertEquals(toPublicMessage(error), "Status is 500");
 * ```
 */
export function toPublicMessage(
  { message, body }: Pick<ProviderError, "message" | "body">,
): string {
  const words = body === undefined ? "" : `: ${body}`;
  const own = message.endsWith(words)
    ? message.slice(0, message.length - words.length)
    : message;
  return own.replace(PLACE, "");
}
