/**
 * The events of a run with tools, as they come.
 *
 * @module
 */

import type { BatchSource } from "../core/streams/batch_iterator.ts";
import type { Output } from "../core/chat/tools.ts";
import {
  type ChatInput,
  type ChatStream,
  type Message,
  type Provider,
  ProviderError,
} from "../mod.ts";
import {
  type RunToolsOptions,
  splitRunToolsOptions,
  type ToolRunEvent,
  type ToolRunResult,
} from "./run_options.ts";
import { ToolSteps } from "./tool_steps.ts";

/** The source of the events of one run. */
export class StepSource implements BatchSource<ToolRunEvent> {
  readonly messages: Message[];
  /** The answers that have been asked for. */
  readonly streams: ChatStream[] = [];
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
    const { limits, tools, signal, options } = splitRunToolsOptions(
      this.#options,
    );
    const { signal: own } = this.#controller;
    const end = limits.totalTimeout;
    const timer = end === null
      ? undefined
      : limits.clock.setTimeout(() => this.#controller.abort(toLate(end)), end);
    const release = () => {
      if (timer !== undefined) limits.clock.clearTimeout(timer);
    };
    this.#release = release;
    return new ToolSteps({
      provider: this.#provider,
      options,
      tools,
      limits,
      signal: signal === undefined ? own : AbortSignal.any([signal, own]),
      messages: this.messages,
      streams: this.streams,
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
