/**
 * Iterators that can be left at any time.
 *
 * @module
 */

/** An iterator that may be left while a `next()` waits. */
export interface LeavableIterator<T>
  extends AsyncIterableIterator<T, undefined> {
  /** Ends the iteration; settles also while a `next()` waits. */
  return(): Promise<IteratorResult<T, undefined>>;
  /** Ends the iteration, then rejects with the reason. */
  throw(reason?: unknown): Promise<IteratorResult<T, undefined>>;
}

/** What an iterator gives at its end. */
export const DONE = { done: true, value: undefined } as const;

/**
 * An iterator iterates over itself. One function for all of them: where it is
 * written in place, each iterator keeps a function and its name.
 *
 * @param this The iterator.
 */
export function toSelf<T>(this: T): T {
  return this;
}

/**
 * Makes an iterator of what reads on and what ends it. An async generator would
 * queue `return()` behind a `next()` that waits, and costs more promises.
 *
 * @param next Reads on.
 * @param close Ends the iteration, at once.
 */
export function toLeavable<T>(
  next: () => Promise<IteratorResult<T, undefined>>,
  close: () => Promise<void>,
): LeavableIterator<T> {
  return {
    [Symbol.asyncIterator]: toSelf,
    next,
    async return() {
      await close();
      return DONE;
    },
    async throw(reason) {
      await close();
      throw reason;
    },
  };
}
