/**
 * Bodies as lines.
 *
 * @module
 */

import { decodeBody } from "../streams/decoded_body.ts";
import { createLineDecoder, type SplitOptions } from "../streams/lines.ts";
import { toStreamFailure } from "./stream_failure.ts";

/**
 * Splits a body into lines. A line ends with LF, CR LF or CR; bytes that are
 * not UTF-8 become U+FFFD, and a byte order mark at the start is dropped.
 *
 * The body is pulled as lines are asked for, and leaving the loop cancels the
 * body.
 *
 * @param body The bytes, or their text.
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
  body: ReadableStream<Uint8Array> | ReadableStream<string>,
  options: SplitOptions = {},
): AsyncIterableIterator<string> {
  return decodeBody(body, createLineDecoder(options), toStreamFailure);
}
