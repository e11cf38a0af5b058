/**
 * {@linkcode ChatStream} over a run.
 *
 * @module
 */

import {
  type BatchIterator,
  createBatchIterator,
} from "../streams/batch_iterator.ts";
import { joinText, toChatResponse } from "./chat_response.ts";
import type { ChatResponseInit, ChatStream } from "../chat/chat_stream.ts";
import { collectResult } from "./collect_result.ts";
import { toPullStream } from "../streams/pull_stream.ts";
import type { Attempt, PartialAnswer } from "../chat/attempt.ts";
import type { ChatResult } from "../chat/results.ts";
import { invalidRequest } from "../chat/options.ts";
import type { ReadableRun } from "./run.ts";
import type { ChatEvent } from "../chat/events.ts";

/** Reads one {@linkcode ReadableRun}, once. A class, so that printing it shows nothing. */
export class RunStream implements ChatStream {
  readonly #run: ReadableRun;
  readonly #iterator: BatchIterator<ChatEvent>;
  #reader: string | undefined;
  #result: Promise<ChatResult> | undefined;

  constructor(run: ReadableRun) {
    this.#run = run;
    this.#iterator = createBatchIterator(run);
    run.onAbort = this.#iterator.discard;
  }

  get partial(): PartialAnswer {
    return this.#run.partial.toAnswer();
  }

  get attempts(): readonly Attempt[] {
    return this.#run.attempts.toAttempts();
  }

  [Symbol.asyncIterator](): this {
    this.#claim("a loop");
    return this;
  }

  next(): Promise<IteratorResult<ChatEvent, undefined>> {
    this.#reader ??= "next()";
    return this.#reader === "next()" || this.#reader === "a loop"
      ? this.#iterator.next()
      : Promise.reject(this.#toReadError());
  }

  return(): Promise<IteratorResult<ChatEvent, undefined>> {
    return this.#iterator.return();
  }

  throw(reason?: unknown): Promise<IteratorResult<ChatEvent, undefined>> {
    return this.#iterator.throw(reason);
  }

  batches(): AsyncIterableIterator<readonly ChatEvent[], undefined> {
    const run = this.#claim("batches()");
    // Each batch is an item: a run gives one after the other.
    const source = {
      next: async () => {
        const batch = await run.next();
        return batch && [batch];
      },
      close: () => run.close(),
    };
    return createBatchIterator(source);
  }

  async text(): Promise<string> {
    return (await this.result()).text;
  }

  async result(): Promise<ChatResult> {
    this.#result ??= collectResult(this.#claim("result()"));
    return await this.#result;
  }

  textStream(): ReadableStream<string> {
    return toPullStream(this.#claim("textStream()"), {
      toChunks: (events) => [joinText(events)].filter((text) => text !== ""),
    });
  }

  toReadableStream(): ReadableStream<ChatEvent> {
    return toPullStream(this.#claim("toReadableStream()"), {
      toChunks: (events) => events,
    });
  }

  toResponse(init: ChatResponseInit = {}): Response {
    return toChatResponse(this.#claim("toResponse()"), init);
  }

  async cancel(_reason?: unknown): Promise<void> {
    await this.return();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  /** Gives the run to its one reader. */
  #claim(reader: string): ReadableRun {
    const isIterated = this.#reader === "next()" && reader === "a loop";
    if (this.#reader !== undefined && !isIterated) throw this.#toReadError();
    this.#reader = reader;
    return this.#run;
  }

  #toReadError(): Error {
    return invalidRequest(
      `Cannot read the stream again: it is read by ${this.#reader}`,
    );
  }
}
