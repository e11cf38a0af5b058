/**
 * Runs a model with tools.
 *
 * @module
 */

import { createBatchIterator } from "../core/streams/batch_iterator.ts";
import type { InferOutput, Output } from "../core/chat/tools.ts";
import {
  type ChatInput,
  type Message,
  type Provider,
  ProviderError,
} from "../mod.ts";
import {
  type RunToolsOptions,
  toLimits,
  type ToolRunEvent,
  type ToolRunResult,
} from "./run_options.ts";
import { ToolSteps } from "./run_steps.ts";

/**
 * A run with tools: its events, or all of it. It starts when it is first read,
 * and is read once.
 *
 * @typeParam T The type of the object.
 */
export interface ToolRun<T = unknown>
  extends AsyncIterableIterator<ToolRunEvent, undefined>, AsyncDisposable {
  /**
   * The whole chat so far: what a later run goes on with, also where this one
   * failed. Calls without a result are run first.
   */
  readonly messages: readonly Message[];
  /** Ends the run early; settles also while a `next()` waits. */
  return(): Promise<IteratorResult<ToolRunEvent, undefined>>;
  /** Iterates the events in batches, one for each piece of the network. */
  batches(): AsyncIterableIterator<readonly ToolRunEvent[], undefined>;
  /**
   * Runs to the end.
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

/** The source of the events of one run. */
class StepSource {
  readonly messages: Message[];
  readonly #provider: Provider;
  readonly #options: RunToolsOptions<Output | undefined>;
  readonly #controller = new AbortController();
  #steps: AsyncGenerator<readonly ToolRunEvent[], ToolRunResult> | undefined;
  #release = () => {};
  result: ToolRunResult | undefined;

  constructor(
    provider: Provider,
    input: ChatInput,
    options: RunToolsOptions<Output | undefined>,
  ) {
    this.messages = typeof input === "string"
      ? [{ role: "user", content: input }]
      : [...input];
    this.#provider = provider;
    this.#options = options;
  }

  #start(): AsyncGenerator<readonly ToolRunEvent[], ToolRunResult> {
    const {
      maxSteps,
      maxCalls,
      concurrency,
      toolTimeout,
      totalTimeout,
      repairs,
      clock,
      tools = [],
      signal,
      ...options
    } = this.#options;
    const limits = toLimits({
      maxSteps,
      maxCalls,
      concurrency,
      toolTimeout,
      totalTimeout,
      repairs,
      clock,
    });
    const { signal: own } = this.#controller;
    const end = limits.totalTimeout;
    const timer = end === null
      ? undefined
      : limits.clock.setTimeout(() => this.#controller.abort(toLate(end)), end);
    this.#release = () => {
      if (timer !== undefined) limits.clock.clearTimeout(timer);
    };
    return new ToolSteps({
      provider: this.#provider,
      options,
      tools,
      limits,
      signal: signal === undefined ? own : AbortSignal.any([signal, own]),
      messages: this.messages,
    }).run();
  }

  async next(): Promise<readonly ToolRunEvent[] | undefined> {
    if (this.result !== undefined) return undefined;
    try {
      this.#steps ??= this.#start();
      const { done, value } = await this.#steps.next();
      if (!done) return value;
      this.#release();
      this.result = value;
      return toEnd(value);
    } catch (error) {
      this.#release();
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#release();
    this.#controller.abort(
      new DOMException("The run was closed", "AbortError"),
    );
    await this.#steps?.return(undefined as never).catch(() => {});
  }
}

function toLate(ms: number): ProviderError {
  return new ProviderError(`Run with tools takes longer than ${ms} ms`, {
    code: "timeout",
    phase: "total",
  });
}

/** The last events of a run. */
function toEnd(
  { usage, conversation, finishReason, text, provider, model }: ToolRunResult,
): readonly ToolRunEvent[] {
  return [
    ...usage ? [{ type: "usage" as const, usage }] : [],
    ...conversation ? [{ type: "conversation" as const, conversation }] : [],
    { type: "finish", reason: finishReason, text, provider, model },
  ];
}

/**
 * Asks a model, runs the tools that it calls, sends it the results, and goes on
 * until it answers.
 *
 * No tool is run before the answer that calls it is whole, so that none runs
 * twice where an answer begins anew elsewhere: the provider may be a failover.
 * Before each answer comes a `step` event, and after it a `tool-result` for each
 * call; `finish` has the text of the last answer.
 *
 * @param provider Who answers.
 * @param input A prompt, or the messages of a chat; calls without a result at
 * its end are run first.
 * @param options The tools, the object to answer with, and limits.
 * @returns The run.
 *
 * @example
 * ```ts
 * import { createOpenAiCompatible } from "@parley/chat";
 * import { runTools, tool } from "@parley/chat/tools";
 * import { assertEquals } from "@std/assert";
 * import * as z from "zod";
 *
 * const call = { id: "1", function: { name: "weather", arguments: '{"city":"Ulm"}' } };
 * const answers = [{ tool_calls: [call] }, { content: "It is warm in Ulm." }];
 * const provider = createOpenAiCompatible({
 *   baseUrl: "http://127.0.0.1:11434/v1",
 *   models: ["llama3.2"],
 *   fetch: () =>
 *     Promise.resolve(Response.json({ choices: [{ message: answers.shift() }] })),
 * });
 *
 * const weather = tool({
 *   name: "weather",
 *   inputSchema: z.object({ city: z.string() }),
 *   execute: ({ city }) => `warm in ${city}`,
 * });
 * const run = runTools(provider, "How is the weather in Ulm?", { tools: [weather] });
 * const { text, steps } = await run.result();
 * assertEquals([text, steps.length], ["It is warm in Ulm.", 2]);
 * ```
 */
export function runTools<
  const O extends Output | undefined = undefined,
>(
  provider: Provider,
  input: ChatInput,
  options: RunToolsOptions<O> = {},
): ToolRun<InferOutput<O>> {
  const source = new StepSource(provider, input, options);
  const events = createBatchIterator(source);
  let collected: Promise<ToolRunResult> | undefined;

  async function collect(): Promise<ToolRunResult> {
    while (await source.next() !== undefined);
    if (source.result !== undefined) return source.result;
    throw new TypeError("The run was closed");
  }
  async function result(): Promise<ToolRunResult<InferOutput<O>>> {
    collected ??= collect();
    // The run has checked the object, whose type its schema gives.
    return await collected as ToolRunResult<InferOutput<O>>;
  }
  return {
    get messages() {
      return [...source.messages];
    },
    [Symbol.asyncIterator]() {
      return this;
    },
    next: () => events.next(),
    return: () => events.return(),
    throw: (reason) => events.throw(reason),
    batches: () =>
      createBatchIterator({
        next: async () => {
          const batch = await source.next();
          return batch && [batch];
        },
        close: () => source.close(),
      }),
    result,
    text: async () => (await result()).text,
    async [Symbol.asyncDispose]() {
      await events.return();
    },
  };
}
