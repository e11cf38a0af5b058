/**
 * Batches, one after another.
 *
 * @module
 */

import { type BatchSource, DONE } from "../streams/batch_iterator.ts";

/**
 * Makes an iterator of the batches of a source.
 *
 * Written by hand because an async generator queues `return()` behind a
 * `next()` that waits, and costs more promises for each network piece.
 *
 * @param source What to pull from.
 */
export function iterateBatches<T>(
  source: BatchSource<T>,
): AsyncIterableIterator<readonly T[], undefined> {
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

  async function leave(): Promise<Result> {
    isDone = true;
    await source.close();
    return DONE;
  }

  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next() {
      last = waiting++ === 0 ? read() : last.then(read, read);
      return last;
    },
    return: leave,
    async throw(reason) {
      await leave();
      throw reason;
    },
  };
}
