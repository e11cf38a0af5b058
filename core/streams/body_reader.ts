/**
 * Reads a body piece by piece and always lets go of it.
 *
 * @module
 */

import { appendBytes } from "./append_bytes.ts";
import { type Clock, SYSTEM_CLOCK } from "./clock.ts";
import { createTurns, takeTurn, type Turns } from "./turns.ts";

/** The most bytes of one piece, so that one huge chunk is decoded on demand. */
const MAX_PIECE = 16 * 1024;

/** The most bytes that are asked for at a time. */
const MAX_READ = 64 * 1024;

/**
 * Room enough for most events: only where a piece fills it there is more, and never
 * much more than one fills, for it is kept while the answer waits.
 */
const FIRST_PIECE = 1024;

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

class StreamReader implements BodyReader {
  isEnded = false;
  readonly #reader: PlatformReader;
  readonly #isByob: boolean;
  readonly #options: BodyReaderOptions;
  readonly #turns: Turns;
  #lastSize = 0;
  #readSize = FIRST_PIECE;
  #spare: ArrayBuffer | undefined;
  #patience: { readonly clock: Clock; ms: number } | undefined;
  #stopTimer: (() => void) | undefined;
  #isOpen = true;
  #rest: Uint8Array | undefined;

  constructor(body: ReadableStream<Uint8Array>, options: BodyReaderOptions) {
    const byobReader = toByobReader(body);
    this.#reader = byobReader ?? body.getReader();
    this.#isByob = byobReader !== undefined;
    this.#options = options;
    this.#turns = createTurns(options.clock ?? SYSTEM_CLOCK);
    const { signal } = options;
    if (signal?.aborted) this.cancel();
    else signal?.addEventListener("abort", this.#onAbort);
  }

  async read(): Promise<Uint8Array | undefined> {
    const turn = takeTurn(this.#turns, this.#lastSize);
    if (turn) await turn;
    if (this.#rest) return this.#cut(this.#rest);
    if (this.#isOpen) this.#watch();
    const { signal, toError } = this.#options;
    try {
      const { done, value } = await this.#reader.read(
        this.#isByob ? this.#takeView() : NO_BUFFER,
      );
      if (this.#readSize < MAX_READ && value?.length === this.#readSize) {
        this.#readSize *= 4;
      } else if (this.#isByob) {
        // What went into the read was none that others share.
        this.#spare = value?.buffer as ArrayBuffer | undefined;
      }
      this.#stopTimer?.();
      // A cancelled body ends cleanly: only the signal knows why.
      signal?.throwIfAborted();
      if (!done) return this.#cut(value);
      this.isEnded = this.#isOpen;
    } catch (error) {
      // A body of anything but bytes has not ended by itself.
      this.cancel();
      signal?.throwIfAborted();
      if (!this.#patience) throw toError ? toError(error) : error;
    }
    this.#release();
    return undefined;
  }

  async readAll(
    limit: number,
    { onPiece, toLimitError }: ReadAllOptions = {},
  ): Promise<Uint8Array<ArrayBuffer>> {
    let bytes = new Uint8Array(0);
    let size = 0;
    while (size <= limit) {
      const piece = await this.read();
      if (!piece) break;
      bytes = appendBytes(bytes, size, piece);
      size += piece.length;
      onPiece?.(size);
    }
    this.cancel();
    if (size > limit) {
      if (toLimitError) throw toLimitError();
      size = limit;
    }
    // Nothing is copied where it came as one piece.
    return bytes.subarray(0, size);
  }

  cancel(): void {
    this.#rest = undefined;
    if (!this.#isOpen) return;
    this.#release();
    this.#reader.cancel(this.#options.signal?.reason).catch(() => {});
  }

  settle(clock: Clock, ms: number): void {
    this.#patience = { clock, ms };
  }

  readonly #onAbort = (): void => this.cancel();

  #release(): void {
    this.#isOpen = false;
    this.#stopTimer?.();
    this.#turns.end?.();
    this.#options.signal?.removeEventListener("abort", this.#onAbort);
  }

  /**
   * Gives what a piece is read into. A body that comes from the network is read
   * into one buffer again and again: left to itself the platform makes a buffer
   * of the largest size for each piece, which costs several times what it costs
   * to read the piece.
   */
  #takeView(): Uint8Array<ArrayBuffer> {
    const view = new Uint8Array(this.#spare ?? new ArrayBuffer(this.#readSize));
    // It goes into the read, and comes back with the piece.
    this.#spare = undefined;
    return view;
  }

  #cut(piece: Uint8Array): Uint8Array {
    this.#rest = piece.length > MAX_PIECE
      ? piece.subarray(MAX_PIECE)
      : undefined;
    const first = piece.subarray(0, MAX_PIECE);
    this.#lastSize = first.length;
    return first;
  }

  /** Ends the body when its patience is over; what the reader does takes none. */
  #watch(): void {
    const patience = this.#patience;
    if (patience === undefined) return;
    const { clock, ms } = patience;
    const since = clock.now();
    const timer = clock.setTimeout(this.#onAbort, ms);
    const stop = () => {
      this.#stopTimer = undefined;
      clock.clearTimeout(timer);
      patience.ms -= clock.now() - since;
    };
    this.#stopTimer = stop;
  }
}

/**
 * Makes a reader of a body.
 *
 * @param body The bytes.
 * @param options What ends it, and how it fails.
 */
export function createBodyReader(
  body: ReadableStream<Uint8Array>,
  options: BodyReaderOptions = {},
): BodyReader {
  return new StreamReader(body, options);
}
