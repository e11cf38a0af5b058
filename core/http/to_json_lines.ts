/**
 * Bodies as JSON values, one on each line.
 *
 * @module
 */

import { decodeBody } from "../streams/decoded_body.ts";
import { createJsonValueDecoder } from "../streams/json_lines.ts";
import type { SplitOptions } from "../streams/lines.ts";
import { toStreamFailure } from "./stream_failure.ts";

/**
 * Splits a body into JSON values, one on each line (NDJSON, JSON Lines), in
 * linear time. Lines of white space are skipped; the last line needs no end.
 *
 * The body is pulled as values are asked for, and leaving the loop cancels the
 * body.
 *
 * @param body The bytes, or their text.
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
  body: ReadableStream<Uint8Array> | ReadableStream<string>,
  options: SplitOptions = {},
): AsyncIterableIterator<unknown> {
  return decodeBody(body, createJsonValueDecoder(options), toStreamFailure);
}
