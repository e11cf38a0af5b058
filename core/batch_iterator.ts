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

interface Waiter<T> {
  readonly resolve: (result: IteratorResult<T, undefined>) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Iterates items that come in batches.
 *
 * Written by hand because an async generator queues `return()` behind a
 * `next()` that waits, and pays several promises for each item that is ready.
 */
export class BatchIterator<T> implements AsyncIterableIterator<T, undefined> {
  readonly #source: BatchSource<T>;
  readonly #waiters: Waiter<T>[] = [];
  #batch: readonly T[] = [];
  #index = 0;
  #pumping = false;
  #done = false;

  constructor(source: BatchSource<T>) {
    this.#source = source;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<T, undefined>> {
    if (this.#index < this.#batch.length) {
      return Promise.resolve({ done: false, value: this.#take() });
    }
    if (this.#done) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve, reject) => {
      this.#waiters.push({ resolve, reject });
      if (!this.#pumping) void this.#pump();
    });
  }

  async return(): Promise<IteratorResult<T, undefined>> {
    this.#end();
    await this.#source.close();
    return { done: true, value: undefined };
  }

  async throw(reason?: unknown): Promise<IteratorResult<T, undefined>> {
    await this.return();
    throw reason;
  }

  /** Drops the items that are ready, so that the next one is asked for. */
  discard(): void {
    this.#batch = [];
    this.#index = 0;
  }

  #take(): T {
    return this.#batch[this.#index++] as T;
  }

  /** Pulls for as long as somebody waits, and never beyond. */
  async #pump(): Promise<void> {
    this.#pumping = true;
    while (this.#waiters.length > 0 && !this.#done) {
      try {
        const batch = await this.#source.next();
        if (this.#done) break;
        if (batch === undefined) {
          this.#end();
        } else {
          this.#batch = batch;
          this.#index = 0;
        }
      } catch (error) {
        if (this.#done) break;
        this.#waiters.shift()?.reject(error);
        this.#end();
      }
      while (this.#index < this.#batch.length && this.#waiters.length > 0) {
        this.#waiters.shift()?.resolve({ done: false, value: this.#take() });
      }
    }
    this.#pumping = false;
  }

  #end(): void {
    this.#done = true;
    this.discard();
    for (const waiter of this.#waiters.splice(0)) {
      waiter.resolve({ done: true, value: undefined });
    }
  }
}
