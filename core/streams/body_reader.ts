/**
 * Reads a body piece by piece and always lets go of it.
 *
 * @module
 */

import { appendBytes } from "./append_bytes.ts";
import { type Clock, SYSTEM_CLOCK } from "./clock.ts";
import { createTurns, takeTurn } from "./turns.ts";

/** The most bytes of one piece, so that one huge chunk is decoded on demand. */
const MAX_PIECE = 16 * 1024;

/** The most bytes that are asked for at a time. */
const MAX_READ = 64 * 1024;

/**
 * Room enough for most answers: only where one fills it there is more, and never
 * much more than one fills, for it is kept while the answer waits.
 */
const FIRST_PIECE = 4 * 1024;

/** For a reader that makes buffers itself. */
const NO_BUFFER = /* @__PURE__ */ new Uint8Array(0);

/** The part of a platform's readers that is used. */
interface PlatformReader {
  read(
    view: Uint8Array<ArrayBuffer>,
  ): Promise<ReadableStreamReadResult<Uint8Array>>;
  cancel(reason: unknown): Promise<void>;
}

/** Gives a reader that reads into buffers, where a body has bytes only. */
function toByobReader(
  body: ReadableStream<Uint8Array>,
): PlatformReader | undefined {
  try {
    return body.getReader({ mode: "byob" });
  } catch {
    return undefined;
  }
}

/** Options for {@linkcode createBodyReader}. */
export interface BodyReaderOptions {
  /** Cancels the body; a read that waits then rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
  /** Says what to throw where the body breaks off. */
  readonly toError?: ((error: unknown) => unknown) | undefined;
  /**
   * Says when others have their turn.
   *
   * @default {the system's}
   */
  readonly clock?: Clock | undefined;
}

/** Options for {@linkcode BodyReader.readAll}. */
export interface ReadAllOptions {
  /** Is called after each piece, with how many bytes there are by then. */
  readonly onPiece?: ((size: number) => void) | undefined;
  /**
   * Makes what to throw where there are more bytes than the limit.
   *
   * @default {the bytes after the limit are left out}
   */
  readonly toLimitError?: (() => unknown) | undefined;
}

/** Pulls, ends with its signal, and cancels what it leaves. */
export interface BodyReader {
  /**
   * Reads on.
   *
   * @returns At most 16 KiB, which last until the next read, or `undefined` at
   * the end and after a cancel.
   */
  read(): Promise<Uint8Array | undefined>;
  /**
   * Reads the rest.
   *
   * @param limit The most bytes.
   * @param options What happens on the way, and at the limit.
   */
  readAll(
    limit: number,
    options?: ReadAllOptions,
  ): Promise<Uint8Array<ArrayBuffer>>;
  /** Cancels the body, so that its socket closes; safe to call at any time. */
  cancel(): void;
  /**
   * From now on the rest of the body is wanted but not needed: for so long it is
   * waited for, and where it breaks off it ends. To be called between two reads;
   * each call gives it that time anew.
   */
  settle(clock: Clock, ms: number): void;
  /** Whether the body has come to its own end. */
  readonly isEnded: boolean;
}

/**
 * Makes a reader of a body.
 *
 * @param body The bytes.
 * @param options What ends it, and how it fails.
 */
export function createBodyReader(
  body: ReadableStream<Uint8Array>,
  { signal, toError = (error) => error, clock = SYSTEM_CLOCK }:
    BodyReaderOptions = {},
): BodyReader {
  const byobReader = toByobReader(body);
  const reader: PlatformReader = byobReader ?? body.getReader();
  const turns = createTurns(clock);
  let lastSize = 0;
  let readSize = FIRST_PIECE;
  let buffer: ArrayBuffer | undefined;
  let settled: { readonly clock: Clock; patience: number } | undefined;
  let stopTimer: (() => void) | undefined;
  let isOpen = true;
  let rest: Uint8Array | undefined;

  function release(): void {
    isOpen = false;
    stopTimer?.();
    turns.end?.();
    signal?.removeEventListener("abort", cancel);
  }

  function cancel(): void {
    rest = undefined;
    if (!isOpen) return;
    release();
    reader.cancel(signal?.reason).catch(() => {});
  }

  /**
   * Gives what a piece is read into. A body that comes from the network is read
   * into one buffer again and again: left to itself the platform makes a buffer
   * of the largest size for each piece, which costs several times what it costs
   * to read the piece.
   */
  function takeView(): Uint8Array<ArrayBuffer> {
    const view = new Uint8Array(buffer ?? new ArrayBuffer(readSize));
    // It goes into the read, and comes back with the piece.
    buffer = undefined;
    return view;
  }

  function cut(piece: Uint8Array): Uint8Array {
    rest = piece.length > MAX_PIECE ? piece.subarray(MAX_PIECE) : undefined;
    const first = piece.subarray(0, MAX_PIECE);
    lastSize = first.length;
    return first;
  }

  /** Ends the body when its patience is over; what the reader does takes none. */
  function watch(): void {
    if (settled === undefined) return;
    const { clock, patience } = settled;
    const since = clock.now();
    const timer = clock.setTimeout(cancel, patience);
    stopTimer = () => {
      stopTimer = undefined;
      clock.clearTimeout(timer);
      if (settled) settled.patience -= clock.now() - since;
    };
  }

  async function read(): Promise<Uint8Array | undefined> {
    const turn = takeTurn(turns, lastSize);
    if (turn) await turn;
    if (rest) return cut(rest);
    if (isOpen) watch();
    try {
      const { done, value } = await reader.read(
        byobReader ? takeView() : NO_BUFFER,
      );
      if (readSize < MAX_READ && value?.length === readSize) {
        readSize *= 4;
      } else if (byobReader) {
        // What went into the read was none that others share.
        buffer = value?.buffer as ArrayBuffer | undefined;
      }
      stopTimer?.();
      // A cancelled body ends cleanly: only the signal knows why.
      signal?.throwIfAborted();
      if (!done) return cut(value);
      bodyReader.isEnded = isOpen;
    } catch (error) {
      // A body of anything but bytes has not ended by itself.
      cancel();
      signal?.throwIfAborted();
      if (!settled) throw toError(error);
    }
    release();
    return undefined;
  }

  async function readAll(
    limit: number,
    { onPiece, toLimitError }: ReadAllOptions = {},
  ): Promise<Uint8Array<ArrayBuffer>> {
    let bytes = new Uint8Array(0);
    let size = 0;
    while (size <= limit) {
      const piece = await read();
      if (!piece) break;
      bytes = appendBytes(bytes, size, piece);
      size += piece.length;
      onPiece?.(size);
    }
    cancel();
    if (size > limit) {
      if (toLimitError) throw toLimitError();
      size = limit;
    }
    // Nothing is copied where it came as one piece.
    return bytes.subarray(0, size);
  }

  function settle(clock: Clock, ms: number): void {
    settled = { clock, patience: ms };
  }

  // No getter: it would cost each of these objects a hash table.
  const bodyReader = { read, readAll, cancel, settle, isEnded: false };
  if (signal?.aborted) cancel();
  else signal?.addEventListener("abort", cancel);
  return bodyReader;
}
