/**
 * A chat completion that is sent as it comes.
 *
 * @module
 */

import type { ChatStream, Clock } from "@parley/chat";
import { holdHead } from "@parley/chat/provider";
import type { CompletionChunks } from "./completion_chunks.ts";
import { findObjectEnd } from "./tool_calls.ts";
import { createSilenceTimer } from "../http/silence_timer.ts";

const PING = new TextEncoder().encode(": ping\n\n");

/** What is sent, and what is called on the way. */
export interface CompletionStreamOptions {
  /** The answer. */
  readonly stream: ChatStream;
  /** Writes it. */
  readonly chunks: CompletionChunks;
  /**
   * Makes the token of the conversation, once the answer is whole.
   *
   * @param signal Is aborted when the reader leaves.
   * @returns The token, if there is one.
   */
  readonly seal: (signal: AbortSignal) => Promise<string | undefined>;
  /**
   * Is called when the answer breaks off.
   *
   * @param error Why.
   * @returns What its reader gets, as plain JSON.
   */
  readonly toError: (error: unknown) => unknown;
  /** Is called when the answer is over, or its reader has left. */
  readonly onEnd: () => void;
  /** After how many milliseconds of silence it says something; `null` is never. */
  readonly keepAlive: number | null;
  /** For how many milliseconds it waits for its beginning; `null` is for ever. */
  readonly holdHead: number | null;
  /** Where time comes from. */
  readonly clock: Clock;
}

/** Reads an answer as chunks. */
interface ChunkSource {
  /** Gives the next chunks; `undefined` after the last. */
  next(): Promise<string | undefined>;
  /** Ends the run. */
  close(): Promise<void>;
}

function createChunkSource(
  { stream, chunks, seal }: CompletionStreamOptions,
): ChunkSource {
  const batches = stream.batches();
  const left = new AbortController();
  let isCut = false;

  async function end(): Promise<string> {
    const { finish } = chunks;
    if (finish === undefined) return "";
    return chunks.end(
      finish,
      () => stream.partial.text,
      await seal(left.signal),
    );
  }

  return {
    async next() {
      if (isCut) return undefined;
      try {
        for (;;) {
          const { done, value } = await batches.next();
          if (done) return undefined;
          const text = chunks.write(value) + await end();
          if (text !== "") return text;
        }
      } catch (error) {
        // What cannot be written ends the run, too.
        await batches.return?.();
        const finish = findObjectEnd(error);
        if (finish === undefined) throw error;
        isCut = true;
        return chunks.end(finish, () => stream.partial.text);
      }
    },
    async close() {
      left.abort();
      await batches.return?.();
    },
  };
}

/**
 * Sends an answer as Server-Sent Events. It waits until there is something to
 * show: what fails before can still have a status of its own.
 *
 * What comes is pulled, never pushed: the run is not read faster than its reader
 * reads, and ends when its reader leaves.
 *
 * @param options What is sent.
 * @returns The body.
 * @throws What the run throws before there is anything to show.
 */
export async function openCompletionStream(
  options: CompletionStreamOptions,
): Promise<ReadableStream<Uint8Array>> {
  const { chunks, toError, onEnd, keepAlive: interval, clock } = options;
  const source = createChunkSource(options);
  const encoder = new TextEncoder();
  const head = await holdHead(source.next, options.holdHead, clock);
  let isLeft = false;
  let ping = () => {};
  const keepAlive = createSilenceTimer({
    interval,
    clock,
    onSilence: () => ping(),
  });

  return new ReadableStream({
    start(controller) {
      // One that was not taken yet says enough.
      ping = () => {
        if (controller.desiredSize === 0) controller.enqueue(PING);
      };
      if (!head.isEarly) ping();
    },
    async pull(controller) {
      keepAlive.start();
      let text: string | undefined;
      let isOver = false;
      try {
        text = await head.next();
        isOver = chunks.finish !== undefined;
      } catch (error) {
        isOver = true;
        text = `event: error\ndata: ${JSON.stringify(toError(error))}\n\n`;
      }
      keepAlive.pause();
      if (isLeft) return;
      if (text !== undefined) controller.enqueue(encoder.encode(text));
      if (!isOver && text !== undefined) return;
      keepAlive.stop();
      onEnd();
      controller.close();
      await source.close();
    },
    async cancel() {
      isLeft = true;
      keepAlive.stop();
      await source.close();
      onEnd();
    },
  }, { highWaterMark: 0 });
}
