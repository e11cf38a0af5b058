import type { Decoder } from "../../core/streams/decoded_body.ts";
import {
  StreamError,
  type StreamErrorCode,
} from "../../core/streams/stream_error.ts";

/** What a decoder gives, up to its end or its error. */
export interface Decoded<T> {
  readonly items: readonly T[];
  /** The code of its error; absent where there is none. */
  readonly error?: StreamErrorCode;
}

/** Decodes a whole body. */
export function decodeAll<T>(
  decoder: Decoder<T>,
  chunks: readonly Uint8Array[],
): Decoded<T> {
  const items: T[] = [];
  try {
    for (const chunk of chunks) decoder.decode(chunk, items);
    decoder.decode(undefined, items);
  } catch (error) {
    if (!(error instanceof StreamError)) throw error;
    return { items, error: error.code };
  }
  return { items };
}
