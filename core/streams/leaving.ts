/**
 * Iterators that can be left at any time.
 *
 * @module
 */

/** What an iterator gives at its end. */
export const DONE = { done: true, value: undefined } as const;

/**
 * An iterator that may be left while a `next()` waits. An async generator would
 * queue `return()` behind it, and costs more promises.
 */
export abstract class LeavableIterator<T>
  implements AsyncIterableIterator<T, undefined> {
  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Reads on. */
  abstract next(): Promise<IteratorResult<T, undefined>>;

  /** Ends the iteration; settles also while a `next()` waits. */
  async return(): Promise<IteratorResult<T, undefined>> {
    await this.close();
    return DONE;
  }

  /** Ends the iteration, then rejects with the reason. */
  async throw(reason?: unknown): Promise<IteratorResult<T, undefined>> {
    await this.close();
    throw reason;
  }

  /** Ends the iteration, at once. */
  protected abstract close(): Promise<void>;
}
