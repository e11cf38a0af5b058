/**
 * Bodies as Server-Sent Events.
 *
 * @module
 */

import { decodeBody } from "../streams/decoded_body.ts";
import type { SplitOptions } from "../streams/lines.ts";
import { createSseDecoder, type SseEvent } from "../streams/sse.ts";
import { toStreamFailure } from "./stream_failure.ts";

/**
 * Splits a body into Server-Sent Events, in linear time and by the rules of the
 * Web, with one difference: a last event that no blank line closed is handed on
 * with `unterminated: true`.
 *
 * The body is pulled as events are asked for, and leaving the loop cancels the
 * body.
 *
 * @param body The bytes, or their text.
 * @param options The limit of one event.
 * @returns The events.
 * @throws {ProviderError} If an event is too long, with code `too-large`.
 *
 * @example
 * ```ts
 * import { toSseEvents } from "@parley/chat";
 * import { assertEquals } from "@std/assert";
 *
 * const { body } = new Response("event: add\ndata: 1\ndata: 2\n\ndata: cut");
 * assertEquals(await Array.fromAsync(toSseEvents(body!)), [
 *   { event: "add", data: "1\n2", id: "" },
 *   { event: "message", data: "cut", id: "", unterminated: true },
 * ]);
 * ```
 */
export function toSseEvents(
  body: ReadableStream<Uint8Array> | ReadableStream<string>,
  options: SplitOptions = {},
): AsyncIterableIterator<SseEvent> {
  return decodeBody(body, createSseDecoder(options), toStreamFailure);
}
