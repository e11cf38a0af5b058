/**
 * A run with tools, as it is read.
 *
 * @module
 */

import type { BatchSource } from "../core/streams/batch_iterator.ts";
import { EventStream } from "../core/run/event_stream.ts";
import type { Attempt, ChatStream, Message, PartialAnswer } from "../mod.ts";
import type { ToolRunEvent, ToolRunResult } from "./run_options.ts";
import type { StepSource } from "./step_source.ts";

/**
 * A run with tools: its events, or all of it. It starts when it is first read,
 * and is read once, in any of the ways that an answer is. What tools have thrown is in
 * no response.
 *
 * @typeParam T The type of the object.
 */
export interface ToolRun<T = unknown>
  extends
    AsyncIterableIterator<ToolRunEvent, undefined>,
    AsyncDisposable,
    Pick<
      ChatStream,
      "partial" | "attempts" | "textStream" | "toResponse" | "cancel"
    > {
  /**
   * The whole chat so far: what a later run goes on with, also where this one
   * failed. Calls without a result are run first.
   */
  readonly messages: readonly Message[];
  /** Iterates the events. */
  [Symbol.asyncIterator](): this;
  /** Ends the run early; settles also while a `next()` waits. */
  return(): Promise<IteratorResult<ToolRunEvent, undefined>>;
  /** Iterates the events in batches, one for each piece of the network. */
  batches(): AsyncIterableIterator<readonly ToolRunEvent[], undefined>;
  /** Gives the events as a stream, which fails where the run does. */
  toReadableStream(): ReadableStream<ToolRunEvent>;
  /**
   * Runs to the end. Can be called after all events have come.
   *
   * @returns The last answer, and all before it.
   * @throws {ProviderError} If an answer is not whole.
   */
  result(): Promise<ToolRunResult<T>>;
  /**
   * Runs to the end.
   *
   * @returns The text of the last answer.
   * @throws {ProviderError} If an answer is not whole.
   */
  text(): Promise<string>;
}

/** Leaves out what tools have thrown, which may show the inside of a server. */
function toShown(event: ToolRunEvent): ToolRunEvent {
  if (event.type !== "tool-result") return event;
  const { error: _, ...shown } = event;
  return shown;
}

const NOTHING: PartialAnswer = {
  text: "",
  reasoning: "",
  images: [],
  toolCalls: [],
};

/**
 * Reads one run, once.
 *
 * @typeParam T The type of the object.
 */
export class ToolStream<T> extends EventStream<ToolRunEvent>
  implements ToolRun<T> {
  readonly #source: StepSource;
  #result: Promise<ToolRunResult> | undefined;

  constructor(source: StepSource) {
    super(source);
    this.#source = source;
  }

  get messages(): readonly Message[] {
    return [...this.#source.messages];
  }

  get partial(): PartialAnswer {
    return this.#source.streams.at(-1)?.partial ?? NOTHING;
  }

  get attempts(): readonly Attempt[] {
    return this.#source.streams.flatMap(({ attempts }) => attempts);
  }

  protected override toShown(
    source: BatchSource<ToolRunEvent>,
  ): BatchSource<ToolRunEvent> {
    return {
      next: async () => (await source.next())?.map(toShown),
      close: () => source.close(),
    };
  }

  async result(): Promise<ToolRunResult<T>> {
    this.#result ??= this.#collect();
    // The run has checked the object, whose type its schema gives.
    return await this.#result as ToolRunResult<T>;
  }

  async text(): Promise<string> {
    return (await this.result()).text;
  }

  async #collect(): Promise<ToolRunResult> {
    const source = this.#source;
    if (source.result === undefined) {
      this.claim("result()");
      while (await source.next() !== undefined);
    }
    if (source.result !== undefined) return source.result;
    throw new TypeError("The run was closed");
  }
}
