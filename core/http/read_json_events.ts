/**
 * Answers whose events are JSON.
 *
 * @module
 */

import type { RunContext } from "../chat/definition.ts";
import type { UpstreamResponse } from "../chat/exchange.ts";
import { tryParseJson } from "../streams/json.ts";
import { createSseDecoder, type SseEvent } from "../streams/sse.ts";

/** A Server-Sent Event whose data is JSON. */
export interface JsonEvent {
  /** Its type; `message` where the server names none. */
  readonly event: string;
  /** Its data, parsed. */
  readonly data: unknown;
}

/** What many servers send last. */
const END = "[DONE]";

/**
 * Reads an answer of Server-Sent Events whose data is JSON, up to its end or to
 * `[DONE]`. Events without data are left out.
 *
 * @param run The run.
 * @param response The response.
 * @returns The events, in batches: one for each network piece.
 * @throws {ProviderError} If data is not JSON, with code `bad-response`; if the
 * last event is cut, with code `incomplete`; if one is too long, with code
 * `too-large`. The events before it come first.
 *
 * @example
 * ```ts
 * import { defineProvider, readJsonEvents } from "@parley/chat/provider";
 * import { assertEquals } from "@std/assert";
 *
 * const local = defineProvider({
 *   id: "Local",
 *   label: "A server of my own",
 *   url: "http://127.0.0.1:8080",
 *   baseUrl: "http://127.0.0.1:8080",
 *   working: true,
 *   defaultModel: "small",
 *   models: ["small"],
 *   async *respond(run) {
 *     const response = await run.post("/say", { json: run.messages });
 *     for await (const events of readJsonEvents(run, response)) {
 *       for (const { event, data } of events) {
 *         if (event === "word") yield { type: "text", text: String(data) };
 *         if (event === "end") yield { type: "finish", reason: "stop" };
 *       }
 *     }
 *   },
 * }, {
 *   fetch: () =>
 *     Promise.resolve(
 *       new Response('event: word\ndata: "Hi"\n\nevent: end\ndata: {}\n\n'),
 *     ),
 * });
 * assertEquals((await local.generate("Hello")).text, "Hi");
 * ```
 */
export async function* readJsonEvents(
  run: RunContext,
  response: UpstreamResponse,
): AsyncGenerator<readonly JsonEvent[], void, undefined> {
  const decoder = createSseDecoder(run.limits);
  let isDone = false;

  function toJsonEvent({ event, data, unterminated }: SseEvent): JsonEvent {
    const value = tryParseJson(data);
    if (value !== undefined) return { event, data: value };
    throw unterminated
      ? run.fail("Answer is cut inside of an event", { code: "incomplete" })
      : run.fail("Event of the answer is not JSON", { code: "bad-response" });
  }

  function decode(piece: Uint8Array | undefined, items: JsonEvent[]): void {
    const events: SseEvent[] = [];
    try {
      decoder.decode(piece, events);
    } finally {
      for (const event of events) {
        if (event.data.trim() === END) {
          isDone = true;
          // Nothing that counts may follow, and the socket may stay open.
          response.settle();
        }
        if (!isDone && event.data !== "") items.push(toJsonEvent(event));
      }
    }
  }

  for await (const batch of response.decode<JsonEvent>({ decode })) {
    yield batch;
    if (isDone) return;
  }
}
