/**
 * A body as batches of what a decoder finds in it.
 *
 * @module
 */

import { type BatchSource, createBatchIterator } from "./batch_iterator.ts";
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

/** Gives batches of items; leaving a loop over it cancels the body. */
export interface DecodedBody<T>
  extends BatchSource<T>, AsyncIterable<readonly T[], undefined> {
  /**
   * Reads on until at least one item is complete.
   *
   * @returns The items, or `undefined` at the end.
   * @throws What the body or the decoder throws, after the items before it.
   */
  next(): Promise<readonly T[] | undefined>;
  /** Cancels the body. */
  close(): Promise<void>;
}

/**
 * Pulls a piece only when asked, and gives what it completes as one batch: the
 * cost of a promise is paid per network piece, not per item.
 *
 * @param reader Reads the bytes.
 * @param decoder Turns them into items.
 */
export function createDecodedBody<T>(
  reader: BodyReader,
  decoder: Decoder<T>,
): DecodedBody<T> {
  let failure: { readonly error: unknown } | undefined;
  let isEnded = false;

  async function next(): Promise<readonly T[] | undefined> {
    while (!isEnded) {
      const items: T[] = [];
      try {
        const piece = await reader.read();
        isEnded = piece === undefined;
        decoder.decode(piece, items);
      } catch (error) {
        isEnded = true;
        failure = { error };
        reader.cancel();
      }
      if (items.length > 0) return items;
    }
    if (failure === undefined) return undefined;
    const { error } = failure;
    failure = undefined;
    throw error;
  }

  function close(): Promise<void> {
    isEnded = true;
    failure = undefined;
    reader.cancel();
    return Promise.resolve();
  }

  return {
    next,
    close,
    [Symbol.asyncIterator]: () => ({
      async next() {
        const value = await next();
        return value === undefined
          ? { done: true, value }
          : { done: false, value };
      },
      async return() {
        await close();
        return { done: true, value: undefined };
      },
    }),
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
  return createBatchIterator(
    createDecodedBody(createBodyReader(body), decoder),
  );
}
