/**
 * Batches in, single items out.
 *
 * @module
 */

/** What a {@linkcode BatchIterator} pulls from. */
export interface BatchSource<T> {
  /** Gives the next batch, never an empty one; `undefined` at the end. */
  next(): Promise<readonly T[] | undefined>;
  /** Ends the source; a `next()` that waits then settles. */
  close(): Promise<void>;
}

/** Iterates items that come in batches. */
export interface BatchIterator<T> extends AsyncIterableIterator<T, undefined> {
  /** Ends the iteration; settles also while a `next()` waits. */
  return(): Promise<IteratorResult<T, undefined>>;
  /** Ends the iteration, then rejects with the reason. */
  throw(reason?: unknown): Promise<IteratorResult<T, undefined>>;
  /** Drops the items that are ready, so that the next one is asked for. */
  discard(): void;
}

interface Waiter<T> {
  readonly resolve: (result: IteratorResult<T, undefined>) => void;
  readonly reject: (reason: unknown) => void;
}

/** What an iterator gives at its end. */
export const DONE = { done: true, value: undefined } as const;

/**
 * Makes an iterator of the items that come in batches.
 *
 * Written by hand because an async generator queues `return()` behind a
 * `next()` that waits, and pays several promises for each item that is ready.
 *
 * @param source What to pull from.
 */
export function createBatchIterator<T>(
  source: BatchSource<T>,
): BatchIterator<T> {
  let waiters: Waiter<T>[] = [];
  let batch: readonly T[] = [];
  let index = 0;
  let isDone = false;

  function take(): IteratorResult<T, undefined> {
    return { done: false, value: batch[index++] as T };
  }

  function discard(): void {
    batch = [];
    index = 0;
  }

  function end(): void {
    isDone = true;
    discard();
    for (const waiter of waiters.splice(0)) waiter.resolve(DONE);
  }

  /** Pulls for as long as somebody waits, and never beyond. */
  function pull(): void {
    source.next().then(receive, fail);
  }

  function receive(next: readonly T[] | undefined): void {
    if (isDone) return;
    if (next === undefined) return end();
    batch = next;
    index = 0;
    while (index < batch.length && waiters.length > 0) {
      waiters.shift()?.resolve(take());
    }
    if (waiters.length > 0) pull();
  }

  function fail(error: unknown): void {
    if (isDone) return;
    waiters.shift()?.reject(error);
    end();
  }

  async function leave(): Promise<IteratorResult<T, undefined>> {
    end();
    await source.close();
    return DONE;
  }

  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next() {
      if (index < batch.length) return Promise.resolve(take());
      if (isDone) return Promise.resolve(DONE);
      return new Promise((resolve, reject) => {
        if (waiters.length > 0) return void waiters.push({ resolve, reject });
        // What waits for long holds no more than it needs.
        discard();
        waiters = [{ resolve, reject }];
        pull();
      });
    },
    return: leave,
    async throw(reason) {
      await leave();
      throw reason;
    },
    discard,
  };
}
