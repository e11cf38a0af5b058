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

  function take(value?: readonly T[]): Result {
    waiting--;
    if (value && !isDone) return { done: false, value };
    isDone = true;
    return DONE;
  }

  function fail(error: unknown): Result {
    if (isDone) return take();
    take();
    throw error;
  }

  // No async function: it would cost twice as much for each network piece.
  function read(): Promise<Result> {
    return isDone ? Promise.resolve(take()) : source.next().then(take, fail);
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
