/**
 * A chat completion that is sent as it comes.
 *
 * @module
 */

import type { ChatEvent, ChatStream, Clock } from "@parley/chat";
import { isInTime } from "@parley/chat/provider";
import type { BodySource } from "../http/body_source.ts";
import type { CompletionChunks } from "./completion_chunks.ts";
import { findObjectEnd } from "./tool_calls.ts";

/** What is sent, and what is called on the way. */
export interface CompletionStreamOptions {
  /** The answer. */
  readonly stream: ChatStream;
  /** Whether its text is kept. */
  readonly keepText: boolean;
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
 */
class CompletionStream implements CompletionSource {
  isOver = false;
  readonly keepAlive: number;
  readonly #options: CompletionStreamOptions;
  readonly #batches: AsyncIterator<readonly ChatEvent[], undefined>;
  /** The beginning, until it is sent. */
  #head: Promise<string | undefined> | undefined;
  /** Whether the answer has begun without its beginning. */
  #isLate = false;
  #isCut = false;
  #isLeft = false;
  #sealing: AbortController | undefined;

  constructor(options: CompletionStreamOptions) {
    this.#options = options;
    const { stream, keepText } = options;
    this.#batches = stream.batches({ keepText });
    this.keepAlive = options.keepAlive ?? Infinity;
  }

  /** Waits for the beginning. */
  async begin(): Promise<void> {
    const { holdHead, clock } = this.#options;
    this.#head = this.#read();
    this.#isLate = !await isInTime(this.#head, holdHead, clock);
  }

  async next(): Promise<string | undefined> {
    if (this.#isLate) {
      this.#isLate = false;
      return ": ping\n\n";
    }
    const { chunks, toError, onEnd } = this.#options;
    let text: string | undefined;
    try {
      const head = this.#head;
      this.#head = undefined;
      text = await (head ?? this.#read());
      this.isOver = this.#isCut || text === undefined ||
        chunks.finish !== undefined;
    } catch (error) {
      this.isOver = true;
      text = `event: error\ndata: ${JSON.stringify(toError(error))}\n\n`;
    }
    if (this.isOver && !this.#isLeft) onEnd();
    return text;
  }

  async close(): Promise<void> {
    this.#isLeft = true;
    this.#sealing?.abort();
    await this.#batches.return?.();
    this.#options.onEnd();
  }

  async #read(): Promise<string | undefined> {
    const { stream, chunks, seal } = this.#options;
    try {
      for (;;) {
        const { done, value } = await this.#batches.next();
        if (done) return undefined;
        let text = chunks.write(value);
        const { finish } = chunks;
        if (finish !== undefined) {
          if (chunks.conversation) this.#sealing = new AbortController();
          const token = this.#sealing && await seal(this.#sealing.signal);
          text += chunks.end(finish, () => stream.partial.text, token);
        }
        if (text !== "") return text;
      }
    } catch (error) {
      // What cannot be written ends the run, too.
      await this.#batches.return?.();
      const finish = findObjectEnd(error);
      if (finish === undefined) throw error;
      this.#isCut = true;
      return chunks.end(finish, () => stream.partial.text);
    }
  }
}

/**
 * Opens what an answer is sent from, and waits for its beginning.
 *
 * @param options What is sent.
 * @returns What a body is read from.
 * @throws What the run throws before there is anything to show.
 */
export async function openCompletionStream(
  options: CompletionStreamOptions,
): Promise<CompletionSource> {
  const source = new CompletionStream(options);
  await source.begin();
  return source;
}
