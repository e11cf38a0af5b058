/**
 * What takes too long.
 *
 * @module
 */

import type { Clock } from "./clock.ts";

/**
 * Waits for a promise, no longer than it may take, and says whether it settled.
 *
 * @param promise The promise.
 * @param ms The most milliseconds; `null` is as long as it takes.
 * @param clock Where time comes from.
 * @param signal Ends the wait: nobody wants to know any more.
 * @returns Whether it settled.
 * @throws What the promise rejects with in time.
 *
 * @example
 * ```ts
 * import { isInTime, SYSTEM_CLOCK } from "@parley/chat/provider";
 * import { assert } from "@std/assert";
 *
 * assert(await isInTime(Promise.resolve("done"), 1_000, SYSTEM_CLOCK));
 * ```
 */
export async function isInTime(
  promise: Promise<unknown>,
  ms: number | null,
  clock: Clock,
  signal?: AbortSignal,
): Promise<boolean> {
  const settled = promise.then(() => true);
  let giveUp = () => {};
  const late = new Promise<boolean>((resolve) => {
    giveUp = () => resolve(false);
  });
  if (signal?.aborted) giveUp();
  const timer = ms === null || signal?.aborted
    ? undefined
    : clock.setTimeout(giveUp, ms);
  signal?.addEventListener("abort", giveUp);
  try {
    return await Promise.race([settled, late]);
  } finally {
    clock.clearTimeout(timer);
    signal?.removeEventListener("abort", giveUp);
  }
}
