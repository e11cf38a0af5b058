/**
 * A chat completion that is sent as it comes.
 *
 * @module
 */

import type { ChatStream, Clock } from "@parley/chat";
import { holdHead } from "@parley/chat/provider";
import type { BodySource } from "../http/body_source.ts";
import type { CompletionChunks } from "./completion_chunks.ts";
import { findObjectEnd } from "./tool_calls.ts";

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

/** Server-Sent Events of which each piece is whole. */
export interface CompletionSource extends BodySource {
  next(): Promise<string | undefined>;
}

/**
 * Writes an answer as Server-Sent Events. It waits until there is something to
 * show: what fails before can still have a status of its own.
 *
 * What comes is pulled, never pushed: the run is not read faster than its reader
 * reads, and ends when its reader leaves.
 *
 * @param options What is sent.
 * @returns What a body is read from.
 * @throws What the run throws before there is anything to show.
 */
export async function openCompletionStream(
  { stream, chunks, seal, toError, onEnd, ...options }: CompletionStreamOptions,
): Promise<CompletionSource> {
  const batches = stream.batches();
  let isCut = false;
  let isLeft = false;
  let sealing: AbortController | undefined;

  async function read(): Promise<string | undefined> {
    try {
      for (;;) {
        const { done, value } = await batches.next();
        if (done) return undefined;
        let text = chunks.write(value);
        const { finish } = chunks;
        if (finish !== undefined) {
          if (chunks.conversation) sealing = new AbortController();
          const token = sealing && await seal(sealing.signal);
          text += chunks.end(finish, () => stream.partial.text, token);
        }
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
  }

  const head = await holdHead(read, options.holdHead, options.clock);
  let isLate = !head.isEarly;

  async function next(): Promise<string | undefined> {
    if (isLate) {
      isLate = false;
      return ": ping\n\n";
    }
    let text: string | undefined;
    try {
      text = await head.next();
      source.isOver = isCut || text === undefined ||
        chunks.finish !== undefined;
    } catch (error) {
      source.isOver = true;
      text = `event: error\ndata: ${JSON.stringify(toError(error))}\n\n`;
    }
    if (source.isOver && !isLeft) onEnd();
    return text;
  }

  const source: CompletionSource & { isOver: boolean } = {
    isOver: false,
    keepAlive: options.keepAlive ?? Infinity,
    next,
    async close() {
      isLeft = true;
      sealing?.abort();
      await batches.return?.();
      onEnd();
    },
  };
  return source;
}
