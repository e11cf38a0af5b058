/**
 * Batches, one after another.
 *
 * @module
 */

import type { BatchSource } from "./batch_iterator.ts";
import { DONE, type LeavableIterator, toLeavable } from "./leaving.ts";

/**
 * Makes an iterator of the batches of a source.
 *
 * @param source What to pull from.
 */
export function iterateBatches<T>(
  source: BatchSource<T>,
): LeavableIterator<readonly T[]> {
  type Result = IteratorResult<readonly T[], undefined>;
  let isDone = false;
  /** How many calls of `next()` wait, each for the one before. */
  let waiting = 0;
  let last: Promise<Result>;

  async function read(): Promise<Result> {
    try {
      if (isDone) return DONE;
      const value = await source.next();
      if (value !== undefined && !isDone) return { done: false, value };
      isDone = true;
    } catch (error) {
      if (!isDone) {
        isDone = true;
        throw error;
      }
    } finally {
      waiting--;
    }
    return DONE;
  }

  function next(): Promise<Result> {
    last = waiting++ === 0 ? read() : last.then(read, read);
    return last;
  }

  return toLeavable(next, () => {
    isDone = true;
    return source.close();
  });
}
