/**
 * Bytes to lines.
 *
 * @module
 */

import type { Decoder } from "./decoded_body.ts";
import type { Piece } from "./piece_reader.ts";
import { tooLong } from "./stream_error.ts";

/** The most characters of a line or event where nothing else is said. */
export const MAX_LENGTH = 32 * 1024 * 1024;

/** Options for `toLines`, `toSseEvents` and `toJsonLines`. */
export interface SplitOptions {
  /**
   * The most characters of one line or event.
   *
   * @default {33_554_432}
   */
  readonly eventLength?: number | undefined;
}

/** Options for {@linkcode LineSplitter}. */
export interface LineSplitterOptions extends SplitOptions {
  /** Whether a lone CR ends a line too, as in Server-Sent Events. */
  readonly allowCr: boolean;
  /**
   * Whether a line that begins like this is dropped unread, so that it needs no
   * memory. Asked while fewer than 8 characters of it are known.
   */
  readonly ignore?: ((beginning: string) => boolean) | undefined;
}

/** Shorter pieces may be kept whole, in bytes. */
const LONG_PIECE = 4 * 1024;

const LF = 0x0a;

/** How much of a line is seen before it is decided whether to ignore it. */
const BEGINNING = 8;

/** How many pieces of a line are joined at a time. */
const MAX_FRAGMENTS = 1_000;

function checkLength(length: number, limit: number): void {
  if (length > limit) throw tooLong("Line", limit, "characters");
}

/**
 * Splits text that arrives in pieces, in linear time: an unfinished line is a
 * list of fragments that is joined once.
 */
export class LineSplitter {
  readonly #limit: number;
  readonly #allowCr: boolean;
  readonly #ignore: LineSplitterOptions["ignore"];
  // The decoder would drop a BOM in mid-stream as well: it is stripped by hand.
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  #fragments: string[] = [];
  /** Fragments that are joined: many short ones would take much more memory. */
  #blocks: string[] = [];
  #length = 0;
  #isIgnoring = false;
  /** What is dropped where the next piece begins with it. */
  #dropped = "\ufeff";

  /**
   * Makes a splitter.
   *
   * @param options What ends a line, and which are dropped.
   */
  constructor({ eventLength, allowCr, ignore }: LineSplitterOptions) {
    this.#limit = eventLength ?? MAX_LENGTH;
    this.#allowCr = allowCr;
    this.#ignore = ignore;
  }

  /**
   * Reads a piece.
   *
   * @param piece Bytes or text; a character may go on in the next piece.
   * @param onLine Gets each line that is finished, without its end.
   */
  push(piece: Piece, onLine: (line: string) => void): void {
    const isLong = typeof piece !== "string" && piece.length > LONG_PIECE;
    const end = isLong ? piece.lastIndexOf(LF) + 1 : 0;
    // Of a line that is not whole a slice would keep all of the text.
    if (isLong && end > 0) this.#push(piece.subarray(0, end), onLine);
    this.#push(isLong ? piece.subarray(end) : piece, onLine);
  }

  /**
   * Ends the text.
   *
   * @param half What becomes of a last character that is cut: U+FFFD takes its
   * place, or nothing does.
   * @returns The last line, where it has no end; empty where there is none.
   */
  end(half: "replace" | "drop" = "replace"): string {
    if (half === "replace") this.#keep(this.#decoder.decode());
    return this.#takeLine();
  }

  #push(piece: Piece, onLine: (line: string) => void): void {
    const text = typeof piece === "string"
      ? piece
      : this.#decoder.decode(piece, { stream: true });
    if (text === "") return;
    const dropped = this.#dropped;
    this.#dropped = "";
    const isDropped = text.startsWith(dropped);
    this.#split(isDropped ? text.slice(dropped.length) : text, onLine);
  }

  #split(text: string, onLine: (line: string) => void): void {
    let start = 0;
    let lf = text.indexOf("\n");
    let cr = this.#allowCr ? text.indexOf("\r") : -1;
    while (lf !== -1 || cr !== -1) {
      const end = cr === -1 || (lf !== -1 && lf < cr) ? lf : cr;
      const line = text.slice(start, end);
      start = end + 1;
      if (end === lf) {
        lf = text.indexOf("\n", start);
      } else {
        // The line is whole at its CR: an LF that follows belongs to it.
        if (start === text.length) this.#dropped = "\n";
        if (lf === start) lf = text.indexOf("\n", ++start);
        cr = text.indexOf("\r", start);
      }
      if (this.#length === 0) {
        // What is dropped where it comes in pieces is dropped as a whole, too.
        if (line.length > this.#limit && this.#ignore?.(line)) continue;
        checkLength(line.length, this.#limit);
        onLine(line);
      } else {
        this.#keep(line);
        const isIgnored = this.#isIgnoring;
        const whole = this.#takeLine();
        if (!isIgnored) onLine(whole);
      }
    }
    this.#keep(text.slice(start));
  }

  /** Keeps the beginning of a line until its end comes. */
  #keep(fragment: string): void {
    if (this.#isIgnoring || fragment === "") return;
    const known = this.#length;
    this.#length += fragment.length;
    this.#fragments.push(fragment);
    const isIgnored = known < BEGINNING &&
      this.#ignore?.(this.#fragments.join(""));
    if (isIgnored) {
      this.#isIgnoring = true;
      this.#fragments = [];
      return;
    }
    checkLength(this.#length, this.#limit);
    if (this.#fragments.length < MAX_FRAGMENTS) return;
    this.#blocks.push(this.#fragments.join(""));
    this.#fragments = [];
  }

  #takeLine(): string {
    const line = [...this.#blocks, ...this.#fragments].join("");
    this.#blocks = [];
    this.#fragments = [];
    this.#length = 0;
    this.#isIgnoring = false;
    return line;
  }
}

/**
 * Makes a decoder of one body into lines, as {@linkcode LineSplitter}
 * splits them; CR ends a line, too.
 *
 * @param options The limit of one line.
 */
export function createLineDecoder(options: SplitOptions): Decoder<string> {
  const splitter = new LineSplitter({ ...options, allowCr: true });
  return {
    decode(piece, lines) {
      if (piece !== undefined) {
        splitter.push(piece, (line) => lines.push(line));
        return;
      }
      const last = splitter.end();
      if (last !== "") lines.push(last);
    },
  };
}
