/**
 * Reads a stream of bytes or of text piece by piece.
 *
 * @module
 */

import { createBodyReader } from "./body_reader.ts";

/** A part of a body. */
export type Piece = Uint8Array | string;

/** A body of bytes, or of text that somebody has decoded. */
export type PieceStream = ReadableStream<Uint8Array> | ReadableStream<string>;

/** Pulls pieces, and cancels what it leaves. */
export interface PieceReader {
  /**
   * Reads on.
   *
   * @returns The next piece, or `undefined` at the end and after a cancel.
   */
  read(): Promise<Piece | undefined>;
  /** Cancels the body; safe to call at any time. */
  cancel(): void;
}

/** The most of one piece, so that one huge chunk is decoded on demand. */
const MAX_PIECE = 64 * 1024;

/** Whether a stream has bytes only, as those of the network have. */
function isByteStream(
  body: PieceStream,
): body is ReadableStream<Uint8Array> {
  try {
    body.getReader({ mode: "byob" }).releaseLock();
    return true;
  } catch {
    return false;
  }
}

function slice(piece: Piece, start: number, end?: number): Piece {
  return typeof piece === "string"
    ? piece.slice(start, end)
    : piece.subarray(start, end);
}

/**
 * Makes a reader of a body. Nothing is read ahead, and a huge chunk is handed on
 * in parts: the platform's `TextDecoderStream` reads a chunk before anybody asks
 * for it, and decodes one of any size at once.
 *
 * @param body The body.
 */
export function createPieceReader(body: PieceStream): PieceReader {
  if (isByteStream(body)) return createBodyReader(body);
  const reader: ReadableStreamDefaultReader<Piece> = body.getReader();
  let rest: Piece = "";
  let isOpen = true;

  function cancel(): void {
    rest = "";
    if (!isOpen) return;
    isOpen = false;
    reader.cancel().catch(() => {});
  }

  async function read(): Promise<Piece | undefined> {
    while (rest.length === 0) {
      if (!isOpen) return undefined;
      const { done, value } = await reader.read().catch((error) => {
        isOpen = false;
        throw error;
      });
      if (done) isOpen = false;
      else rest = value;
    }
    const piece = slice(rest, 0, MAX_PIECE);
    rest = slice(rest, MAX_PIECE);
    return piece;
  }

  return { read, cancel };
}
