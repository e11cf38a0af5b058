/**
 * {@linkcode ChatStream} over a run.
 *
 * @module
 */

import { BatchIterator } from "./batch_iterator.ts";
import { joinText, toChatResponse } from "./chat_response.ts";
import type { ChatResponseInit, ChatStream } from "./chat_stream.ts";
import { collectResult } from "./collect_result.ts";
import { toPullStream } from "./pull_stream.ts";
import type { ChatResult, PartialAnswer } from "./results.ts";
import type { Run } from "./run.ts";
import type { ChatEvent } from "./types.ts";
import { invalidRequest } from "./rules.ts";

/** Reads one {@linkcode Run}, once. */
export class RunStream implements ChatStream {
  readonly #run: Run;
  readonly #iterator: BatchIterator<ChatEvent>;
  #reader: string | undefined;
  #result: Promise<ChatResult> | undefined;

  constructor(run: Run) {
    this.#run = run;
    this.#iterator = new BatchIterator(run);
    run.onAbort = () => this.#iterator.discard();
  }

  get partial(): PartialAnswer {
    return this.#run.partial.toAnswer();
  }

  [Symbol.asyncIterator](): this {
    this.#claim("a loop");
    return this;
  }

  next(): Promise<IteratorResult<ChatEvent, undefined>> {
    this.#reader ??= "next()";
    if (this.#reader === "next()" || this.#reader === "a loop") {
      return this.#iterator.next();
    }
    return Promise.reject(this.#toReadError());
  }

  return(): Promise<IteratorResult<ChatEvent, undefined>> {
    return this.#iterator.return();
  }

  throw(reason?: unknown): Promise<IteratorResult<ChatEvent, undefined>> {
    return this.#iterator.throw(reason);
  }

  async text(): Promise<string> {
    return (await this.result()).text;
  }

  async result(): Promise<ChatResult> {
    if (this.#result === undefined) {
      this.#claim("result()");
      this.#result = collectResult(this.#run);
    }
    return await this.#result;
  }

  textStream(): ReadableStream<string> {
    this.#claim("textStream()");
    return toPullStream(this.#run, {
      toChunks: (events: readonly ChatEvent[]) =>
        [joinText(events)].filter((text) => text !== ""),
    });
  }

  toReadableStream(): ReadableStream<ChatEvent> {
    this.#claim("toReadableStream()");
    return toPullStream(this.#run, { toChunks: (events) => events });
  }

  toResponse(init: ChatResponseInit = {}): Response {
    this.#claim("toResponse()");
    return toChatResponse(this.#run, init);
  }

  async cancel(_reason?: unknown): Promise<void> {
    await this.#iterator.return();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#iterator.return();
  }

  #claim(reader: string): void {
    const isIterated = this.#reader === "next()" && reader === "a loop";
    if (this.#reader !== undefined && !isIterated) throw this.#toReadError();
    this.#reader = reader;
  }

  #toReadError(): Error {
    return invalidRequest(
      `Cannot read the stream again: it is read by ${this.#reader}`,
    );
  }
}
