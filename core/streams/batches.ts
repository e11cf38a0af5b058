/**
 * Batches, one after another.
 *
 * @module
 */

import type { BatchSource } from "./batch_iterator.ts";
import { DONE, LeavableIterator } from "./leaving.ts";

/** Iterates the batches of a source. */
export class Batches<T> extends LeavableIterator<readonly T[]> {
  readonly #source: BatchSource<T>;
  #isDone = false;
  /** How many calls of `next()` wait, each for the one before. */
  #waiting = 0;
  #last: Promise<IteratorResult<readonly T[], undefined>> | undefined;

  /**
   * Makes an iterator.
   *
   * @param source What to pull from.
   */
  constructor(source: BatchSource<T>) {
    super();
    this.#source = source;
  }

  next(): Promise<IteratorResult<readonly T[], undefined>> {
    const read = () => this.#read();
    const isFirst = this.#waiting++ === 0;
    this.#last = isFirst ? read() : this.#last?.then(read, read) ?? read();
    return this.#last;
  }

  protected close(): Promise<void> {
    this.#isDone = true;
    return this.#source.close();
  }

  // No async function: it would cost twice as much for each network piece.
  #read(): Promise<IteratorResult<readonly T[], undefined>> {
    return this.#isDone
      ? Promise.resolve(this.#take())
      : this.#source.next().then(this.#take, this.#fail);
  }

  readonly #take = (
    value?: readonly T[],
  ): IteratorResult<readonly T[], undefined> => {
    this.#waiting--;
    if (value && !this.#isDone) return { done: false, value };
    this.#isDone = true;
    return DONE;
  };

  readonly #fail = (
    error: unknown,
  ): IteratorResult<readonly T[], undefined> => {
    if (this.#isDone) return this.#take();
    this.#take();
    throw error;
  };
}
