/**
 * A body as batches of what a decoder finds in it.
 *
 * @module
 */

import { createBatchIterator } from "./batch_iterator.ts";
import { type BodyReader, createBodyReader } from "./body_reader.ts";

/** Turns pieces of bytes into items. */
export interface Decoder<T> {
  /**
   * Reads a piece.
   *
   * @param piece The bytes, which are there until it returns; `undefined` ends
   * the body.
   * @param items Gets what the piece completes, also where it then throws.
   */
  decode(piece: Uint8Array | undefined, items: T[]): void;
}

/**
 * Pulls a piece only when asked, and gives what it completes as one batch: the
 * cost of a promise is paid per network piece, not per item. Leaving the loop
 * cancels the body.
 *
 * @param reader Reads the bytes.
 * @param decoder Turns them into items.
 * @returns Batches, never an empty one.
 * @throws What the body or the decoder throws, after the items before it.
 */
export function decodeBatches<T>(
  reader: BodyReader,
  decoder: Decoder<T>,
): AsyncIterableIterator<readonly T[], undefined> {
  let isOpen = true;
  let failure: { readonly error: unknown } | undefined;

  /** Reads a piece; what fails then is told after the items before it. */
  async function readPiece(): Promise<readonly T[]> {
    const items: T[] = [];
    try {
      const piece = await reader.read();
      isOpen = piece !== undefined;
      decoder.decode(piece, items);
    } catch (error) {
      isOpen = false;
      failure = { error };
      reader.cancel();
    }
    return items;
  }

  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      while (isOpen) {
        const value = await readPiece();
        if (value.length > 0) return { done: false, value };
      }
      if (failure === undefined) return { done: true, value: undefined };
      const { error } = failure;
      failure = undefined;
      throw error;
    },
    return() {
      isOpen = false;
      failure = undefined;
      reader.cancel();
      return Promise.resolve({ done: true, value: undefined });
    },
  };
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
  const reader = createBodyReader(body);
  const batches = decodeBatches(reader, decoder);
  return createBatchIterator({
    next: async () => (await batches.next()).value,
    close: () => Promise.resolve(reader.cancel()),
  });
}
