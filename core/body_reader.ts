/**
 * Reads a body piece by piece and always lets go of it.
 *
 * @module
 */

import type { Clock } from "./clocks.ts";

/** The most bytes of one piece, so that one huge chunk is decoded on demand. */
const MAX_PIECE = 64 * 1024;

/** Options for {@linkcode BodyReader}. */
export interface BodyReaderOptions {
  /** Cancels the body; a read that waits then rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
  /** Says what to throw where the body breaks off. */
  readonly toError?: ((error: unknown) => unknown) | undefined;
}

/** Options for {@linkcode BodyReader.readAll}. */
export interface ReadAllOptions {
  /** Is called with each piece. */
  readonly onPiece?: (() => void) | undefined;
  /**
   * Makes what to throw where there are more bytes than the limit.
   *
   * @default {the bytes after the limit are left out}
   */
  readonly toLimitError?: (() => Error) | undefined;
}

/** Joins pieces whose sizes are known only at the end. */
function concat(
  pieces: readonly Uint8Array[],
  size: number,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const piece of pieces) {
    bytes.set(piece, offset);
    offset += piece.length;
  }
  return bytes;
}

/** A reader that pulls, ends with its signal, and cancels what it leaves. */
export class BodyReader {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #signal: AbortSignal | undefined;
  readonly #toError: (error: unknown) => unknown;
  #stopTimer = () => {};
  #settled = false;
  #rest: Uint8Array | undefined;
  #open = true;

  constructor(
    body: ReadableStream<Uint8Array>,
    options: BodyReaderOptions = {},
  ) {
    this.#reader = body.getReader();
    this.#signal = options.signal;
    this.#toError = options.toError ?? ((error) => error);
    if (this.#signal?.aborted) this.cancel();
    else this.#signal?.addEventListener("abort", this.cancel);
  }

  /**
   * Reads on.
   *
   * @returns At most 64 KiB, or `undefined` at the end and after a cancel.
   */
  async read(): Promise<Uint8Array | undefined> {
    if (this.#rest !== undefined) return this.#cut(this.#rest);
    try {
      const { done, value } = await this.#reader.read();
      // A cancelled body ends cleanly: only the signal knows why.
      this.#signal?.throwIfAborted();
      if (!done) return this.#cut(value);
    } catch (error) {
      this.#release();
      this.#signal?.throwIfAborted();
      if (!this.#settled) throw this.#toError(error);
    }
    this.#release();
    return undefined;
  }

  /**
   * Reads the rest.
   *
   * @param limit The most bytes.
   * @param options What happens on the way, and at the limit.
   */
  async readAll(
    limit: number,
    { onPiece, toLimitError }: ReadAllOptions = {},
  ): Promise<Uint8Array<ArrayBuffer>> {
    const pieces: Uint8Array[] = [];
    let size = 0;
    while (size <= limit) {
      const piece = await this.read();
      if (piece === undefined) return concat(pieces, size);
      size += piece.length;
      pieces.push(piece);
      onPiece?.();
    }
    this.cancel();
    if (toLimitError !== undefined) throw toLimitError();
    return concat(pieces, size).subarray(0, limit);
  }

  /** Cancels the body, so that its socket closes; safe to call at any time. */
  readonly cancel = (): void => {
    this.#rest = undefined;
    if (!this.#open) return;
    this.#release();
    this.#reader.cancel(this.#signal?.reason).catch(() => {});
  };

  /**
   * From now on the rest of the body is wanted but not needed: it is read for
   * so long, and where it breaks off it ends.
   */
  settle(clock: Clock, ms: number): void {
    if (this.#settled || !this.#open) return;
    this.#settled = true;
    const timer = clock.setTimeout(this.cancel, ms);
    this.#stopTimer = () => clock.clearTimeout(timer);
  }

  #cut(piece: Uint8Array): Uint8Array {
    if (piece.length <= MAX_PIECE) {
      this.#rest = undefined;
      return piece;
    }
    this.#rest = piece.subarray(MAX_PIECE);
    return piece.subarray(0, MAX_PIECE);
  }

  #release(): void {
    this.#open = false;
    this.#stopTimer();
    this.#signal?.removeEventListener("abort", this.cancel);
  }
}
