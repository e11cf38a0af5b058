/**
 * A body as batches of what a decoder finds in it.
 *
 * @module
 */

import { BatchIterator, type BatchSource } from "./batch_iterator.ts";
import { BodyReader } from "./body_reader.ts";

/** Turns pieces of bytes into items. */
export interface Decoder<T> {
  /**
   * Reads a piece.
   *
   * @param piece The bytes; `undefined` ends the body.
   * @param items Gets what the piece completes, also where it then throws.
   */
  decode(piece: Uint8Array | undefined, items: T[]): void;
}

/**
 * Pulls a piece only when asked, and gives what it completes as one batch: the
 * cost of a promise is paid per network piece, not per item.
 */
export class DecodedBody<T> implements BatchSource<T> {
  readonly #reader: BodyReader;
  readonly #decoder: Decoder<T>;
  #failure: { readonly error: unknown } | undefined;
  #ended = false;

  constructor(reader: BodyReader, decoder: Decoder<T>) {
    this.#reader = reader;
    this.#decoder = decoder;
  }

  /**
   * Reads on until at least one item is complete.
   *
   * @returns The items, or `undefined` at the end.
   * @throws What the body or the decoder throws, after the items before it.
   */
  async next(): Promise<readonly T[] | undefined> {
    while (!this.#ended) {
      const items: T[] = [];
      try {
        const piece = await this.#reader.read();
        this.#ended = piece === undefined;
        this.#decoder.decode(piece, items);
      } catch (error) {
        this.#ended = true;
        this.#failure = { error };
        this.#reader.cancel();
      }
      if (items.length > 0) return items;
    }
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure !== undefined) throw failure.error;
    return undefined;
  }

  /** Cancels the body. */
  close(): Promise<void> {
    this.#ended = true;
    this.#failure = undefined;
    this.#reader.cancel();
    return Promise.resolve();
  }

  /** Iterates the batches; leaving the loop cancels the body. */
  [Symbol.asyncIterator](): AsyncIterator<readonly T[], undefined> {
    return {
      next: async () => {
        const value = await this.next();
        return value === undefined
          ? { done: true, value }
          : { done: false, value };
      },
      return: async () => {
        await this.close();
        return { done: true, value: undefined };
      },
    };
  }
}

/**
 * Reads what a decoder finds in a body, one item after another.
 *
 * @param body The bytes.
 * @param decoder Turns them into items.
 */
export function decodeBody<T>(
  body: ReadableStream<Uint8Array>,
  decoder: Decoder<T>,
): AsyncIterableIterator<T> {
  return new BatchIterator(new DecodedBody(new BodyReader(body), decoder));
}
