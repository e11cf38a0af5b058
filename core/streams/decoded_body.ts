/**
 * A body as batches of what a decoder finds in it.
 *
 * @module
 */

import { createBatchIterator } from "./batch_iterator.ts";
import { DONE, toSelf } from "./leaving.ts";
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
 * cancels the body.
 *
 * @param reader Reads the pieces.
 * @param decoder Turns them into items.
 * @param toError Makes the error of what the body or the decoder throws.
 * @returns Batches, never an empty one.
 * @throws What `toError` makes, after the items before it.
 */
export function decodeBatches<T>(
  reader: PieceReader,
  decoder: Decoder<T>,
  toError: (error: unknown) => unknown = (error) => error,
): AsyncIterableIterator<readonly T[], undefined> {
  let isOpen = true;
  let failure: { readonly error: unknown } | undefined;

  return {
    [Symbol.asyncIterator]: toSelf,
    async next() {
      while (isOpen) {
        const value: T[] = [];
        try {
          const piece = await reader.read();
          isOpen = piece !== undefined;
          decoder.decode(piece, value);
        } catch (error) {
          isOpen = false;
          reader.cancel();
          failure = { error };
        }
        // The items before a failure come first.
        if (value.length > 0) return { done: false, value };
      }
      const failed = failure;
      failure = undefined;
      if (failed !== undefined) throw toError(failed.error);
      return DONE;
    },
    return() {
      isOpen = false;
      failure = undefined;
      reader.cancel();
      return Promise.resolve(DONE);
    },
  };
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
  const batches = decodeBatches(reader, decoder, toError);
  return createBatchIterator({
    next: async () => (await batches.next()).value,
    close: () => Promise.resolve(reader.cancel()),
  });
}
