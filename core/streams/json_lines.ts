/**
 * Bytes to JSON values, one on each line.
 *
 * @module
 */

import { decodeBody, type Decoder } from "./decoded_body.ts";
import { ProviderError } from "../chat/errors.ts";
import { parseJson, tryParseJson } from "./json.ts";
import {
  createLineSplitter,
  type LineSplitter,
  type SplitOptions,
} from "./lines.ts";

/** The white space of JSON, which is less than that of `String.trim`. */
const BLANK = /^[ \t\r]*$/;

/**
 * Decodes pieces of bytes into lines that hold JSON, unparsed: blank ones are
 * left out. Only LF ends a line, as JSON may have any other character in it.
 * {@linkcode toJsonLines} is the simpler way to read a body.
 *
 * @example
 * ```ts
 * import { JsonLineDecoder } from "@parley/chat";
 * import { assertEquals } from "@std/assert";
 *
 * const decoder = new JsonLineDecoder();
 * const lines: string[] = [];
 * decoder.decode(new TextEncoder().encode('{"a":1}\n  \n{"a"'), lines);
 * assertEquals(lines, ['{"a":1}']);
 * ```
 */
export class JsonLineDecoder implements Decoder<string> {
  readonly #splitter: LineSplitter;

  /**
   * Makes a decoder for one body.
   *
   * @param options The limit of one line.
   */
  constructor(options: SplitOptions = {}) {
    this.#splitter = createLineSplitter({ ...options, allowCr: false });
  }

  /**
   * Reads a piece.
   *
   * @param piece The bytes; `undefined` ends the body.
   * @param lines Gets the lines that the piece completes.
   * @throws {ProviderError} If a line is too long, with code `too-large`; if
   * the last one is cut, with code `incomplete`, or no JSON, with code
   * `bad-response`.
   */
  decode(piece: Uint8Array | undefined, lines: string[]): void {
    const keep = (line: string) => {
      if (!BLANK.test(line)) lines.push(line);
    };
    if (piece !== undefined) {
      this.#splitter.push(piece, keep);
      return;
    }
    const last = this.#splitter.end();
    // Only of a line without an end can be said that it is cut.
    if (!BLANK.test(last)) parseJson(last);
    keep(last);
  }
}

class JsonValueDecoder implements Decoder<unknown> {
  readonly #lines: JsonLineDecoder;

  constructor(options: SplitOptions) {
    this.#lines = new JsonLineDecoder(options);
  }

  decode(piece: Uint8Array | undefined, values: unknown[]): void {
    const lines: string[] = [];
    try {
      this.#lines.decode(piece, lines);
    } finally {
      for (const line of lines) values.push(parseLine(line));
    }
  }
}

function parseLine(line: string): unknown {
  const value = tryParseJson(line);
  if (value !== undefined) return value;
  throw new ProviderError("Line is not JSON", { code: "bad-response" });
}

/**
 * Splits a body into JSON values, one on each line (NDJSON, JSON Lines), in
 * linear time. Lines of white space are skipped; the last line needs no end.
 *
 * Bytes are pulled as values are asked for, and leaving the loop cancels the
 * body.
 *
 * @param body The bytes.
 * @param options The limit of one line.
 * @returns The parsed values.
 * @throws {ProviderError} If a line is not JSON, with code `bad-response`; if
 * the last one is cut, with code `incomplete`; if one is too long, with code
 * `too-large`. The values before it come first.
 *
 * @example
 * ```ts
 * import { toJsonLines } from "@parley/chat";
 * import { assertEquals } from "@std/assert";
 *
 * const { body } = new Response('{"token":"a"}\n\n{"token":"b"}');
 * assertEquals(await Array.fromAsync(toJsonLines(body!)), [
 *   { token: "a" },
 *   { token: "b" },
 * ]);
 * ```
 */
export function toJsonLines(
  body: ReadableStream<Uint8Array>,
  options: SplitOptions = {},
): AsyncIterableIterator<unknown> {
  return decodeBody(body, new JsonValueDecoder(options));
}
