/**
 * Batches in, single items out.
 *
 * @module
 */

import { DONE, type LeavableIterator, toLeavable } from "./leaving.ts";

/** What a {@linkcode BatchIterator} pulls from. */
export interface BatchSource<T> {
  /** Gives the next batch, never an empty one; `undefined` at the end. */
  next(): Promise<readonly T[] | undefined>;
  /** Ends the source; a `next()` that waits then settles. */
  close(): Promise<void>;
}

/** Iterates items that come in batches. */
export interface BatchIterator<T> extends LeavableIterator<T> {
  /** Drops the items that are ready, so that the next one is asked for. */
  discard(): void;
}

interface Waiter<T> {
  readonly resolve: (result: IteratorResult<T, undefined>) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Makes an iterator of the items that come in batches.
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

  function next(): Promise<IteratorResult<T, undefined>> {
    if (index < batch.length) return Promise.resolve(take());
    if (isDone) return Promise.resolve(DONE);
    return new Promise((resolve, reject) => {
      if (waiters.length > 0) return void waiters.push({ resolve, reject });
      // What waits for long holds no more than it needs.
      discard();
      waiters = [{ resolve, reject }];
      pull();
    });
  }

  function close(): Promise<void> {
    end();
    return source.close();
  }

  return { ...toLeavable(next, close), discard };
}
