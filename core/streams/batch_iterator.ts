/**
 * Batches in, single items out.
 *
 * @module
 */

import { DONE, LeavableIterator } from "./leaving.ts";
import { NOTHING } from "./values.ts";

/** What a {@linkcode BatchIterator} pulls from. */
export interface BatchSource<T> {
  /** Gives the next batch, never an empty one; `undefined` at the end. */
  next(): Promise<readonly T[] | undefined>;
  /** Ends the source; a `next()` that waits then settles. */
  close(): Promise<void>;
}

interface Waiter<T> {
  readonly resolve: (result: IteratorResult<T, undefined>) => void;
  readonly reject: (reason: unknown) => void;
}

/** Iterates items that come in batches. */
export class BatchIterator<T> extends LeavableIterator<T> {
  readonly #source: BatchSource<T>;
  #waiters: Waiter<T>[] = [];
  #batch: readonly T[] = NOTHING;
  #index = 0;
  #isDone = false;

  /**
   * Makes an iterator.
   *
   * @param source What to pull from.
   */
  constructor(source: BatchSource<T>) {
    super();
    this.#source = source;
  }

  next(): Promise<IteratorResult<T, undefined>> {
    if (this.#index < this.#batch.length) return Promise.resolve(this.#take());
    if (this.#isDone) return Promise.resolve(DONE);
    return new Promise((resolve, reject) => {
      const waiter = { resolve, reject };
      if (this.#waiters.length > 0) return void this.#waiters.push(waiter);
      // What waits for long holds no more than it needs.
      this.discard();
      this.#waiters = [waiter];
      this.#pull();
    });
  }

  /** Drops the items that are ready, so that the next one is asked for. */
  discard(): void {
    this.#batch = NOTHING;
    this.#index = 0;
  }

  protected close(): Promise<void> {
    this.#end();
    return this.#source.close();
  }

  #take(): IteratorResult<T, undefined> {
    return { done: false, value: this.#batch[this.#index++] as T };
  }

  #end(): void {
    this.#isDone = true;
    this.discard();
    for (const waiter of this.#waiters.splice(0)) waiter.resolve(DONE);
  }

  /** Pulls for as long as somebody waits, and never beyond. */
  #pull(): void {
    this.#source.next().then(
      (batch) => this.#receive(batch),
      (error) => this.#fail(error),
    );
  }

  #receive(batch: readonly T[] | undefined): void {
    if (this.#isDone) return;
    if (batch === undefined) return this.#end();
    this.#batch = batch;
    this.#index = 0;
    while (this.#index < batch.length && this.#waiters.length > 0) {
      this.#waiters.shift()?.resolve(this.#take());
    }
    if (this.#waiters.length > 0) this.#pull();
  }

  #fail(error: unknown): void {
    if (this.#isDone) return;
    this.#waiters.shift()?.reject(error);
    this.#end();
  }
}
