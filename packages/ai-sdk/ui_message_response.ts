/**
 * A run as the response that `useChat` of the AI SDK reads.
 *
 * @module
 */

import { isProviderError } from "@parley/chat";
import type { ToolRunEvent } from "@parley/chat/tools";
import { type UiChunk, UiChunks } from "./ui_chunks.ts";
import { toStream, writeBatches } from "./write_batches.ts";

/** An answer, or a run with tools, that has not been read. */
export interface ReadableRun {
  /** Iterates the events in batches. */
  batches(): AsyncIterableIterator<readonly ToolRunEvent[], undefined>;
}

const HEADERS = {
  "cache-control": "no-store",
  "content-type": "text/event-stream; charset=utf-8",
  "x-content-type-options": "nosniff",
  "x-vercel-ai-ui-message-stream": "v1",
  // A proxy such as nginx would hold the chunks back until it has many.
  "x-accel-buffering": "no",
};

/** What an upstream said is told nobody. */
function toErrorChunk(error: unknown): UiChunk {
  return isProviderError(error)
    ? { type: "error", errorText: `Answer failed: ${error.code}` }
    : { type: "abort" };
}

const encoder = new TextEncoder();

function toFrames(chunks: readonly UiChunk[]): Uint8Array<ArrayBuffer> {
  const frames = chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`);
  return encoder.encode(frames.join(""));
}

async function* writeFrames(
  batches: AsyncIterable<readonly ToolRunEvent[]>,
): AsyncGenerator<Uint8Array<ArrayBuffer>, undefined> {
  const chunks = new UiChunks();
  yield toFrames([{ type: "start" }]);
  try {
    for await (const written of writeBatches(batches, chunks)) {
      yield toFrames(written);
    }
  } catch (error) {
    yield toFrames([toErrorChunk(error)]);
  }
  yield encoder.encode("data: [DONE]\n\n");
}

/**
 * Makes a response that streams a run to a page that uses `useChat`: text,
 * reasoning, pictures, sources, and each step of a run with tools. Where an
 * answer begins anew, what the page has shown of it goes, which needs version 7
 * of the SDK there.
 *
 * A client that leaves ends the run. No `conversation` is sent.
 *
 * @param run The answer, or the run with tools.
 * @param init What a `Response` takes.
 * @returns The response.
 *
 * @example
 * ```ts
 * import { toUiMessageResponse } from "@parley/ai-sdk";
 * import { createAiChats } from "@parley/chat";
 * import { createAiChatsUpstream } from "@parley/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const aiChats = createAiChats({
 *   fetch: createAiChatsUpstream({ answer: () => "Hi" }).fetch,
 * });
 * const response = toUiMessageResponse(aiChats.stream("Hello"));
 * const events = (await response.text()).split("\n\n");
 * assertEquals(events[0], 'data: {"type":"start"}');
 * assertEquals(
 *   events[3],
 *   'data: {"type":"text-delta","id":"text-0","delta":"Hi"}',
 * );
 * ```
 */
export function toUiMessageResponse(
  run: ReadableRun,
  init: ResponseInit = {},
): Response {
  const batches = run.batches();
  const body = toStream(writeFrames(batches), batches);
  const headers = new Headers(HEADERS);
  new Headers(init.headers).forEach((value, name) => headers.set(name, value));
  return new Response(body, { ...init, headers });
}
