/**
 * Bytes to JSON values, one on each line.
 *
 * @module
 */

import type { Decoder } from "./decoded_body.ts";
import { parseJson, tryParseJson } from "./json.ts";
import { LineSplitter, type SplitOptions } from "./lines.ts";
import { StreamError } from "./stream_error.ts";

/** The white space of JSON, which is less than that of `String.trim`. */
const BLANK = /^[ \t\r]*$/;

function isBlank(line: string): boolean {
  // Hardly any line is: most are known by their first character.
  return !(line.charCodeAt(0) > 0x20) && BLANK.test(line);
}

/**
 * Makes a decoder of one body into lines that hold JSON, unparsed: blank ones
 * are left out. Only LF ends a line, as JSON may have any other character in it.
 * `toJsonLines` is the simpler way to read a body.
 *
 * @param options The limit of one line.
 * @returns The decoder, for the `decode` of an `UpstreamResponse`.
 *
 * @example
 * ```ts
 * import { createJsonLineDecoder } from "@parley/chat/provider";
 * import { assertEquals } from "@std/assert";
 *
 * const decoder = createJsonLineDecoder();
 * const lines: string[] = [];
 * decoder.decode(new TextEncoder().encode('{"a":1}\n  \n{"a"'), lines);
 * assertEquals(lines, ['{"a":1}']);
 * ```
 */
export function createJsonLineDecoder(
  options: SplitOptions = {},
): Decoder<string> {
  const splitter = new LineSplitter({ ...options, allowCr: false });
  return {
    decode(piece, lines) {
      const keep = (line: string) => {
        if (!isBlank(line)) lines.push(line);
      };
      if (piece !== undefined) return splitter.push(piece, keep);
      const last = splitter.end();
      // Only of a line without an end can be said that it is cut.
      if (!isBlank(last)) parseJson(last);
      keep(last);
    },
  };
}

/**
 * Makes a decoder of one body into JSON values, one on each line.
 *
 * @param options The limit of one line.
 */
export function createJsonValueDecoder(
  options: SplitOptions = {},
): Decoder<unknown> {
  const decoder = createJsonLineDecoder(options);
  return {
    decode(piece, values) {
      const lines: string[] = [];
      try {
        decoder.decode(piece, lines);
      } finally {
        for (const line of lines) values.push(parseLine(line));
      }
    },
  };
}

function parseLine(line: string): unknown {
  const value = tryParseJson(line);
  if (value !== undefined) return value;
  throw new StreamError("Line is not JSON", "bad-response");
}
