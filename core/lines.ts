/**
 * Bytes to lines.
 *
 * @module
 */

import { decodeBody, type Decoder } from "./decoded_body.ts";
import { ProviderError } from "./errors.ts";

/** The most characters of a line or event where nothing else is said. */
export const MAX_LENGTH = 32 * 1024 * 1024;

/** Options for {@linkcode toLines}, `toSseEvents` and `toJsonLines`. */
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

/** How much of a line is seen before it is decided whether to ignore it. */
const BEGINNING = 8;

/**
 * Splits text that arrives in pieces, in linear time: an unfinished line is a
 * list of fragments that is joined once.
 */
export class LineSplitter {
  // The decoder would drop a BOM in mid-stream as well: it is stripped by hand.
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  readonly #allowCr: boolean;
  readonly #ignore: ((beginning: string) => boolean) | undefined;
  readonly #maxLength: number;
  #fragments: string[] = [];
  #length = 0;
  #ignoring = false;
  #started = false;
  #skipLf = false;

  constructor(options: LineSplitterOptions) {
    this.#allowCr = options.allowCr;
    this.#ignore = options.ignore;
    this.#maxLength = options.eventLength ?? MAX_LENGTH;
  }

  /**
   * Reads a piece.
   *
   * @param piece Bytes; a character may go on in the next piece.
   * @param onLine Gets each line that is finished, without its end.
   */
  push(piece: Uint8Array, onLine: (line: string) => void): void {
    let text = this.#decoder.decode(piece, { stream: true });
    if (text === "") return;
    if (!this.#started) {
      this.#started = true;
      if (text.charCodeAt(0) === 0xfeff) text = text.slice(1);
    } else if (this.#skipLf) {
      if (text.charCodeAt(0) === 0x0a) text = text.slice(1);
    }
    this.#skipLf = false;
    this.#split(text, onLine);
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
        if (start === text.length) this.#skipLf = true;
        if (lf === start) lf = text.indexOf("\n", ++start);
        cr = text.indexOf("\r", start);
      }
      if (this.#length === 0) {
        this.#checkLength(line.length);
        onLine(line);
      } else {
        this.#keep(line);
        const ignored = this.#ignoring;
        const whole = this.#takeLine();
        if (!ignored) onLine(whole);
      }
    }
    this.#keep(text.slice(start));
  }

  #checkLength(length: number): void {
    if (length <= this.#maxLength) return;
    throw new ProviderError(
      `Line is longer than ${this.#maxLength} characters`,
      { code: "too-large" },
    );
  }

  /** Keeps the beginning of a line until its end comes. */
  #keep(fragment: string): void {
    if (this.#ignoring || fragment === "") return;
    const known = this.#length;
    this.#length += fragment.length;
    this.#checkLength(this.#length);
    this.#fragments.push(fragment);
    if (known < BEGINNING && this.#ignore?.(this.#fragments.join(""))) {
      this.#ignoring = true;
      this.#fragments = [];
    }
  }

  #takeLine(): string {
    const line = this.#fragments.join("");
    this.#fragments = [];
    this.#length = 0;
    this.#ignoring = false;
    return line;
  }
}

class LineDecoder implements Decoder<string> {
  readonly #splitter: LineSplitter;

  constructor(options: SplitOptions) {
    this.#splitter = new LineSplitter({ ...options, allowCr: true });
  }

  decode(piece: Uint8Array | undefined, lines: string[]): void {
    if (piece !== undefined) {
      this.#splitter.push(piece, (line) => lines.push(line));
      return;
    }
    const last = this.#splitter.end();
    if (last !== "") lines.push(last);
  }
}

/**
 * Splits a body into lines. A line ends with LF, CR LF or CR; bytes that are
 * not UTF-8 become U+FFFD, and a byte order mark at the start is dropped.
 *
 * Bytes are pulled as lines are asked for, and leaving the loop cancels the
 * body.
 *
 * @param body The bytes.
 * @param options The limit of one line.
 * @returns The lines, without their ends; the last one needs none.
 * @throws {ProviderError} If a line is too long, with code `too-large`.
 *
 * @example
 * ```ts
 * import { toLines } from "@parley/chat";
 * import { assertEquals } from "@std/assert";
 *
 * const { body } = new Response("one\r\ntwo\nthree");
 * assertEquals(await Array.fromAsync(toLines(body!)), ["one", "two", "three"]);
 * ```
 */
export function toLines(
  body: ReadableStream<Uint8Array>,
  options: SplitOptions = {},
): AsyncIterableIterator<string> {
  return decodeBody(body, new LineDecoder(options));
}
