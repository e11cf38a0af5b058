/**
 * The time in which an answer can still get a status of its own.
 *
 * @module
 */

import type { Clock } from "./clock.ts";
import { isInTime } from "./is_in_time.ts";

/** A source whose beginning has been waited for. */
export interface HeldHead<T> {
  /** Whether the beginning came in time. */
  readonly isEarly: boolean;
  /** Gives what the source gives, its beginning first. */
  next(): Promise<T>;
}

/**
 * Waits for the beginning of a source, no longer than it may take.
 *
 * @param next Reads the source.
 * @param ms The most milliseconds; `null` is as long as it takes.
 * @param clock Where time comes from.
 * @returns What to read the source by.
 * @throws What the source throws in time.
 *
 * @example
 * ```ts
 * import { holdHead, SYSTEM_CLOCK } from "@parley/chat/provider";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const pieces = ["Good", "day"];
 * const next = () => Promise.resolve(pieces.shift());
 * const head = await holdHead(next, null, SYSTEM_CLOCK);
 * assert(head.isEarly);
 * assertEquals([await head.next(), await head.next()], ["Good", "day"]);
 * ```
 */
export async function holdHead<T>(
  next: () => Promise<T>,
  ms: number | null,
  clock: Clock,
): Promise<HeldHead<T>> {
  let first: Promise<T> | undefined = next();
  const isEarly = await isInTime(first, ms, clock);
  return {
    isEarly,
    next() {
      const result = first ?? next();
      first = undefined;
      return result;
    },
  };
}
