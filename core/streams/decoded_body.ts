/**
 * A body as batches of what a decoder finds in it.
 *
 * @module
 */

import { BatchIterator } from "./batch_iterator.ts";
import { DONE, LeavableIterator } from "./leaving.ts";
import {
  createPieceReader,
  type PieceReader,
  type PieceStream,
} from "./piece_reader.ts";

/** Turns pieces of a body into items. */
export interface Decoder<T> {
  /**
   * Reads a piece.
   *
   * @param piece Bytes, which are there until it returns, or text, if the body
   * is a stream of strings; `undefined` ends the body.
   * @param items Gets what the piece completes, also where it then throws.
   */
  decode(piece: Uint8Array | string | undefined, items: T[]): void;
}

/**
 * Pulls a piece only when asked, and gives what it completes as one batch: the
 * cost of a promise is paid per network piece, not per item. Leaving the loop
 * cancels the body. A batch is never empty, and what fails comes after the items
 * before it.
 */
export class DecodedBatches<T> extends LeavableIterator<readonly T[]> {
  readonly #reader: PieceReader;
  readonly #decoder: Decoder<T>;
  readonly #toError: (error: unknown) => unknown;
  #isOpen = true;
  #failure: { readonly error: unknown } | undefined;

  /**
   * Makes an iterator.
   *
   * @param reader Reads the pieces.
   * @param decoder Turns them into items.
   * @param toError Makes the error of what the body or the decoder throws.
   */
  constructor(
    reader: PieceReader,
    decoder: Decoder<T>,
    toError: (error: unknown) => unknown = (error) => error,
  ) {
    super();
    this.#reader = reader;
    this.#decoder = decoder;
    this.#toError = toError;
  }

  async next(): Promise<IteratorResult<readonly T[], undefined>> {
    while (this.#isOpen) {
      const value: T[] = [];
      try {
        const piece = await this.#reader.read();
        this.#isOpen = piece !== undefined;
        this.#decoder.decode(piece, value);
      } catch (error) {
        this.#isOpen = false;
        this.#reader.cancel();
        this.#failure = { error };
      }
      // The items before a failure come first.
      if (value.length > 0) return { done: false, value };
    }
    const failed = this.#failure;
    this.#failure = undefined;
    if (failed !== undefined) throw this.#toError(failed.error);
    return DONE;
  }

  protected close(): Promise<void> {
    this.#isOpen = false;
    this.#failure = undefined;
    this.#reader.cancel();
    return Promise.resolve();
  }
}

/**
 * Reads what a decoder finds in a body, one item after another.
 *
 * @param body The bytes, or their text.
 * @param decoder Turns them into items.
 * @param toError Makes the error of what the body or the decoder throws.
 */
export function decodeBody<T>(
  body: PieceStream,
  decoder: Decoder<T>,
  toError: (error: unknown) => unknown = (error) => error,
): AsyncIterableIterator<T> {
  const reader = createPieceReader(body);
  const batches = new DecodedBatches(reader, decoder, toError);
  return new BatchIterator({
    next: async () => (await batches.next()).value,
    close: () => Promise.resolve(reader.cancel()),
  });
}
