/**
 * An answer that is read piece by piece, or collected. Types only.
 *
 * @module
 */

import type { Attempt, PartialAnswer } from "./attempt.ts";
import type { ChatResult } from "./results.ts";
import type { ChatEvent } from "./events.ts";
import type { Clock } from "../streams/clock.ts";

/** How {@linkcode ChatStream.toResponse} answers. */
export interface ChatResponseInit extends ResponseInit {
  /**
   * `text` sends the text alone, without pictures, and breaks off where the run
   * fails. `sse` and `jsonl` send every event as JSON; where the run fails, the
   * last one is `{ type: "error", error }`, in `sse` with the event type
   * `error`.
   *
   * @default {"text"}
   */
  readonly format?: "text" | "sse" | "jsonl" | undefined;
}

/** How {@linkcode ChatStream.toResponse} answers that waits with the status. */
export interface HeldResponseInit extends ChatResponseInit {
  /**
   * For how many milliseconds the status waits for the first content; `null`
   * is as long as it takes. A run that fails until then is answered with a
   * status of its own, `retry-after` where a wait helps, and the error as JSON;
   * one that begins later is answered with 200, and what fails is told in the
   * body. Until then nobody can tell that the client has left but the run's
   * `signal`.
   */
  readonly holdHead: number | null;
  /**
   * Where time comes from; for tests.
   *
   * @default {the clock of the machine}
   */
  readonly clock?: Clock | undefined;
}

/** How {@linkcode ChatStream.batches} reads. */
export interface BatchesOptions {
  /**
   * Whether the text and the reasoning are kept for `partial`, and for that of
   * an error. Who keeps none needs no more memory for a longer answer; a failover
   * then gives no `conversation`, which would hold the text. Where an object is
   * asked for, the text of which it is read is kept all the same.
   *
   * @default {true}
   */
  readonly keepText?: boolean | undefined;
}

/**
 * An answer. It can be read once: by iteration, or by one of its methods.
 *
 * Nothing is sent before the first read. Zero or more events come, then either
 * a `finish` event and the end, or one rejection. Leaving a loop early closes
 * the connection.
 *
 * @example Show the text as it comes
 * ```ts
 * import { createAiChats } from "@parley/chat";
 * import { assertEquals } from "@std/assert";
 *
 * const aiChats = createAiChats({
 *   fetch: () => Promise.resolve(new Response("data: Good\n\ndata:  day\n\n")),
 * });
 * let shown = "";
 * for await (const event of aiChats.stream("Hello")) {
 *   if (event.type === "text") shown += event.text;
 * }
 * assertEquals(shown, "Good day");
 * ```
 */
export interface ChatStream
  extends AsyncIterableIterator<ChatEvent, undefined>, AsyncDisposable {
  /** What has come from the upstream so far; can be read at any time. */
  readonly partial: PartialAnswer;
  /** What became of each attempt so far; can be read at any time. */
  readonly attempts: readonly Attempt[];
  /**
   * Iterates the events.
   *
   * @returns Itself.
   * @throws {ProviderError} If the answer is already being read, with code
   * `invalid-request`.
   */
  [Symbol.asyncIterator](): this;
  /**
   * Gives the next event.
   *
   * @throws {ProviderError} If the answer is not whole.
   */
  next(): Promise<IteratorResult<ChatEvent, undefined>>;
  /** Ends the run early; settles also while a `next()` waits. */
  return(): Promise<IteratorResult<ChatEvent, undefined>>;
  /** Ends the run early, then rejects with the reason. */
  throw(reason?: unknown): Promise<IteratorResult<ChatEvent, undefined>>;
  /**
   * Iterates the events in batches, one for each piece that the network brings:
   * the fastest way to hand them on.
   *
   * @param options What is kept of them.
   * @returns Batches, never an empty one.
   */
  batches(
    options?: BatchesOptions,
  ): AsyncIterableIterator<readonly ChatEvent[], undefined>;
  /**
   * Collects the text.
   *
   * @returns The whole text of the answer.
   * @throws {ProviderError} If the answer is not whole.
   */
  text(): Promise<string>;
  /**
   * Collects everything. Can be combined with {@linkcode ChatStream.text}.
   *
   * @returns The whole answer.
   * @throws {ProviderError} If the answer is not whole.
   */
  result(): Promise<ChatResult>;
  /**
   * Gives the text as a stream, which fails where the run does. Text that has
   * been sent cannot be taken back: where the upstream changes its answer at
   * the end (`finish.text`), this stream has what was streamed, and where it
   * begins anew (`restart`), this stream fails with code `incomplete`.
   */
  textStream(): ReadableStream<string>;
  /** Gives the events as a stream, which fails where the run does. */
  toReadableStream(): ReadableStream<ChatEvent>;
  /**
   * Gives a response that streams the answer, for an edge function or server,
   * and whose status says whether it began. A client that leaves ends the run.
   * Mind that a `conversation` event carries session cookies.
   *
   * @param init How long the status waits, the format, and what a `Response`
   * takes.
   */
  toResponse(init: HeldResponseInit): Promise<Response>;
  /**
   * Gives a response that streams the answer, with a status that is settled
   * before the run starts.
   *
   * @param init The format, and what a `Response` takes.
   */
  toResponse(init?: ChatResponseInit): Response;
  /**
   * Ends the run early and closes the connection.
   *
   * @param reason Taken for the sake of streams; it is not used.
   */
  cancel(reason?: unknown): Promise<void>;
}
