/**
 * Events that are read once, in any of several ways.
 *
 * @module
 */

import { BatchIterator, type BatchSource } from "../streams/batch_iterator.ts";
import { Batches } from "../streams/batches.ts";
import { type AnyEvent, joinText, toChatResponse } from "./chat_response.ts";
import type {
  ChatResponseInit,
  HeldResponseInit,
} from "../chat/chat_stream.ts";
import { toHeldResponse } from "./held_response.ts";
import { toPullStream } from "../streams/pull_stream.ts";
import { invalidRequest } from "../chat/options.ts";

/**
 * Reads the events of a source, once. A class, so that printing it shows
 * nothing.
 *
 * @typeParam E The events.
 */
export class EventStream<E extends AnyEvent>
  implements AsyncIterableIterator<E, undefined>, AsyncDisposable {
  readonly #source: BatchSource<E>;
  /** The events one by one, where somebody reads them so. */
  #iterator: BatchIterator<E> | undefined;
  #reader: string | undefined;

  /**
   * Makes a stream.
   *
   * @param source Where the events come from.
   */
  constructor(source: BatchSource<E>) {
    this.#source = source;
  }

  [Symbol.asyncIterator](): this {
    this.claim("a loop");
    return this;
  }

  next(): Promise<IteratorResult<E, undefined>> {
    this.#reader ??= "next()";
    return this.#reader === "next()" || this.#reader === "a loop"
      ? this.#toIterator().next()
      : Promise.reject(this.#toReadError());
  }

  return(): Promise<IteratorResult<E, undefined>> {
    return this.#toIterator().return();
  }

  throw(reason?: unknown): Promise<IteratorResult<E, undefined>> {
    return this.#toIterator().throw(reason);
  }

  batches(): AsyncIterableIterator<readonly E[], undefined> {
    return new Batches(this.claim("batches()"));
  }

  textStream(): ReadableStream<string> {
    return toPullStream(this.claim("textStream()"), {
      toChunks: (events) => [joinText(events)].filter((text) => text !== ""),
    });
  }

  toReadableStream(): ReadableStream<E> {
    return toPullStream(this.claim("toReadableStream()"), {
      toChunks: (events) => events,
    });
  }

  toResponse(init: HeldResponseInit): Promise<Response>;
  toResponse(init?: ChatResponseInit): Response;
  toResponse(
    init: ChatResponseInit & Partial<HeldResponseInit> = {},
  ): Response | Promise<Response> {
    const source = this.toShown(this.claim("toResponse()"));
    const { holdHead } = init;
    return holdHead === undefined
      ? toChatResponse(source, init)
      : toHeldResponse(source, { ...init, holdHead });
  }

  async cancel(_reason?: unknown): Promise<void> {
    await this.return();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  /** Drops the events that are ready, so that the next one is asked for. */
  protected discard(): void {
    this.#iterator?.discard();
  }

  /**
   * Gives what may be shown outside of the process.
   *
   * @param source The events.
   */
  protected toShown(source: BatchSource<E>): BatchSource<E> {
    return source;
  }

  /**
   * Gives the source to its one reader.
   *
   * @param reader What reads it.
   * @throws {ProviderError} If it is read already, with code `invalid-request`.
   */
  protected claim(reader: string): BatchSource<E> {
    const isIterated = this.#reader === "next()" && reader === "a loop";
    if (this.#reader !== undefined && !isIterated) throw this.#toReadError();
    this.#reader = reader;
    return this.#source;
  }

  #toIterator(): BatchIterator<E> {
    return this.#iterator ??= new BatchIterator(this.#source);
  }

  #toReadError(): Error {
    return invalidRequest(
      `Cannot read the stream again: it is read by ${this.#reader}, and each ` +
        "call of stream() gives another",
    );
  }
}
