/**
 * The body of a request, as the server of Node.js has it.
 *
 * @module
 */

import { appendBytes, type BodyReader } from "@parley/chat/provider";

/** The part of a message of Node.js that is read. */
export interface IncomingBody {
  /** Whether somebody has read of it already. */
  readonly readableDidRead: boolean;
  /** Whether nothing more comes. */
  readonly destroyed: boolean;
  /** Calls a listener with each piece, or at an end. */
  on(event: string, listener: (piece: Uint8Array) => void): unknown;
  /** Calls it no more. */
  off(event: string, listener: (piece: Uint8Array) => void): unknown;
  /** Reads no further. */
  pause(): unknown;
}

/**
 * Makes a reader of a body. It takes the pieces as they come: a stream of the Web
 * over them costs as much as all else that is done until a body is here.
 *
 * @param incoming The body, of which nothing has been read.
 */
export function createIncomingReader(
  incoming: IncomingBody,
): Pick<BodyReader, "readAll" | "cancel"> {
  const { promise: ended, resolve, reject } = Promise.withResolvers<void>();

  let isOver = false;

  function end(): void {
    isOver = true;
    resolve();
  }

  /** Each body is closed after its end: an error with a stack is dear. */
  function fail(): void {
    if (!isOver) reject(new TypeError("Client left"));
  }

  function cancel(): void {
    incoming.pause();
    end();
  }

  return {
    async readAll(limit, { onPiece, toLimitError } = {}) {
      let bytes = new Uint8Array(0);
      let size = 0;

      function take(piece: Uint8Array): void {
        bytes = appendBytes(bytes, size, piece);
        size += piece.length;
        onPiece?.(size);
        if (size > limit) cancel();
      }

      const listeners = [
        ["data", take],
        ["end", end],
        ["error", fail],
        ["close", fail],
      ] as const;
      for (const [event, listener] of listeners) incoming.on(event, listener);
      if (incoming.destroyed) fail();
      try {
        await ended;
      } finally {
        for (const [event, listener] of listeners) {
          incoming.off(event, listener);
        }
      }
      if (size > limit && toLimitError) throw toLimitError();
      return bytes.subarray(0, Math.min(size, limit));
    },
    cancel,
  };
}
