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
   * @param piece The bytes; `undefined` ends the body.
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
export async function* decodeBatches<T>(
  reader: BodyReader,
  decoder: Decoder<T>,
): AsyncGenerator<readonly T[], undefined> {
  let piece: Uint8Array | undefined;
  try {
    do {
      const items: T[] = [];
      try {
        piece = await reader.read();
        decoder.decode(piece, items);
      } catch (error) {
        reader.cancel();
        if (items.length > 0) yield items;
        throw error;
      }
      if (items.length > 0) yield items;
    } while (piece);
  } finally {
    reader.cancel();
  }
  return undefined;
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
    // A generator would not stop before the read that it waits for.
    close: () => Promise.resolve(reader.cancel()),
  });
}
