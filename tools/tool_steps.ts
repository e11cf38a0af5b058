/**
 * The steps of a run with tools.
 *
 * @module
 */

import { checkCall } from "../core/run/complete_answer.ts";
import { readTools } from "../core/run/read_tools.ts";
import { createResultCollector } from "../core/run/result_collector.ts";
import {
  type ChatOptions,
  type ChatResult,
  type ChatStream,
  isProviderError,
  type Message,
  type Provider,
  ProviderError,
  toMessage,
  type ToolCall,
  type ToolCallError,
} from "../mod.ts";
import { type CallResult, refuseCall, runCall } from "./run_call.ts";
import { runLimited } from "./run_limited.ts";
import type {
  ResolvedToolRunLimits,
  StepEvent,
  ToolRunEvent,
  ToolRunResult,
} from "./run_options.ts";
import { addUsage, findOpenCalls, toRepair } from "./step_messages.ts";
import type { RunnableTool } from "./tool.ts";

/** How many steps may give nothing but errors. */
const MAX_FAILED_STEPS = 3;

/** What a run with tools works with. */
export interface StepsInit {
  readonly provider: Provider;
  readonly options: ChatOptions;
  readonly tools: readonly RunnableTool[];
  readonly limits: ResolvedToolRunLimits;
  readonly signal: AbortSignal;
  /** The chat, to which each answer and result is added. */
  readonly messages: Message[];
  /** Gets each answer when it is asked for. */
  readonly streams: ChatStream[];
}

/** Calls to be run, and those that must not be. */
type Calls = Pick<ChatResult, "toolCalls" | "toolCallErrors">;

/** Runs answers and calls in turn. */
export class ToolSteps {
  readonly #init: StepsInit;
  readonly #steps: ChatResult[] = [];
  #calls = 0;
  #failedSteps = 0;

  constructor(init: StepsInit) {
    this.#init = init;
  }

  /**
   * Runs to the end.
   *
   * @returns All events; the generator returns the result.
   */
  async *run(): AsyncGenerator<readonly ToolRunEvent[], ToolRunResult> {
    const { limits, messages } = this.#init;
    let repairs = limits.maxRepairs;
    let reason: StepEvent["reason"] = "start";
    const open = await this.#checkOpen();
    yield* this.#runCalls(open, 0);
    for (let step = 1;; step++) {
      yield [{ type: "step", step, reason }];
      try {
        yield* this.#ask();
      } catch (error) {
        const canMend = isProviderError(error) && repairs-- > 0 &&
          error.code === "invalid-output" && error.reason !== "length" &&
          step < limits.maxSteps;
        if (!canMend) throw error;
        messages.push(...toRepair(error));
        reason = "repair";
        continue;
      }
      const result = this.#last();
      const { toolCalls, toolCallErrors } = result;
      if (toolCalls.length + toolCallErrors.length === 0) {
        return this.#end(result.finishReason, []);
      }
      this.#calls += toolCalls.length;
      if (step === limits.maxSteps || this.#calls > limits.maxCalls) {
        return this.#end("max-steps", toolCalls);
      }
      yield* this.#runCalls(result, step);
      const pending = findOpenCalls(messages);
      if (pending.length > 0) return this.#end("tool-calls", toolCalls);
      reason = "tools";
    }
  }

  /** Checks the calls that a chat ends with, which a caller may have stored. */
  async #checkOpen(): Promise<Calls> {
    const { tools, messages } = this.#init;
    const open = findOpenCalls(messages);
    const toolCalls: ToolCall[] = [];
    const toolCallErrors: ToolCallError[] = [];
    if (open.length === 0) return { toolCalls, toolCallErrors };
    const schemas = new Map(
      readTools(tools).map(({ spec, schema }) => [spec.name, schema]),
    );
    for (const { input: _, ...call } of open) {
      const event = await checkCall(call, schemas);
      if (event.type === "tool-call") toolCalls.push(event);
      else toolCallErrors.push(event);
    }
    return { toolCalls, toolCallErrors };
  }

  #last(): ChatResult {
    const result = this.#steps.at(-1);
    if (result === undefined) throw new TypeError("There is no answer");
    return result;
  }

  /** Asks for an answer. */
  async *#ask(): AsyncGenerator<readonly ToolRunEvent[], void> {
    const { provider, options, tools, signal, messages, streams } = this.#init;
    const conversation = this.#steps.at(-1)?.conversation;
    const last = messages.findLastIndex(({ role }) => role === "assistant");
    const stream = provider.stream(
      // What was answered in a conversation is known there.
      conversation === undefined ? messages : messages.slice(last),
      {
        ...options,
        // A choice that must be met would be met for ever.
        ...(this.#calls > 0 && options.toolChoice !== undefined &&
          options.toolChoice !== "none" && { toolChoice: "auto" }),
        tools: tools.map(({ execute: _, timeout: _timeout, ...tool }) => tool),
        conversation: conversation ?? options.conversation,
        signal,
      },
    );
    streams.push(stream);
    const collector = createResultCollector();
    for await (const batch of stream.batches()) {
      const shown: ToolRunEvent[] = [];
      for (const event of batch) {
        collector.add(event);
        // What ends an answer does not end the run.
        if (event.type === "finish" || event.type === "usage") continue;
        if (event.type !== "conversation") shown.push(event);
      }
      if (shown.length > 0) yield shown;
    }
    const result = collector.toResult({
      provider: provider.id,
      model: provider.getModel(options.model || conversation?.model),
      partial: stream.partial,
      attempts: stream.attempts,
    });
    this.#steps.push(result);
    messages.push(toMessage(result));
  }

  /** Runs calls, and adds their results in the order of the calls. */
  async *#runCalls(
    { toolCalls: calls, toolCallErrors: errors }: Calls,
    step: number,
  ): AsyncGenerator<readonly ToolRunEvent[], void> {
    const { tools, limits, signal, messages } = this.#init;
    const refused = errors.map((call) =>
      refuseCall(call, tools.map(({ name }) => name))
    );
    const tasks = calls.flatMap((call) => {
      const tool = tools.find(({ name }) => name === call.name);
      if (tool?.execute === undefined) return [];
      return () => runCall(tool, call, { step, signal, ...limits });
    });
    const results: CallResult[] = [...refused];
    for (const outcome of refused) yield [toResultEvent(outcome)];
    for await (const outcome of runLimited(tasks, limits.concurrency)) {
      results.push(outcome);
      yield [
        toResultEvent(outcome),
        ...outcome.isCut
          ? [{
            type: "warning" as const,
            code: "tool-result-cut",
            message: `Result of "${outcome.name}" is cut: it is too long`,
          }]
          : [],
      ];
    }
    const ids = [...calls, ...errors].map(({ id }) => id);
    for (const id of ids) {
      const outcome = results.find(({ callId }) => callId === id);
      if (outcome === undefined) continue;
      const { callId, content, isError } = outcome;
      messages.push({
        role: "tool",
        callId,
        content,
        ...(isError && { isError }),
      });
    }
    this.#countFailed(results);
  }

  #countFailed(results: readonly CallResult[]): void {
    if (results.length === 0) return;
    const isFailed = results.every(({ isError }) => isError);
    this.#failedSteps = isFailed ? this.#failedSteps + 1 : 0;
    if (this.#failedSteps < MAX_FAILED_STEPS) return;
    throw new ProviderError(
      `Calls failed in ${MAX_FAILED_STEPS} steps one after another`,
      { code: "bad-response", provider: this.#init.provider.id },
    );
  }

  #end(
    finishReason: ToolRunResult["finishReason"],
    calls: readonly ToolCall[],
  ): ToolRunResult {
    const { messages } = this.#init;
    const { usage: _, ...last } = this.#last();
    const usage = addUsage(this.#steps);
    const open = new Set(findOpenCalls(messages).map(({ id }) => id));
    return {
      ...last,
      finishReason,
      ...(usage && { usage }),
      steps: [...this.#steps],
      messages: [...messages],
      pending: calls.filter(({ id }) => open.has(id)),
    };
  }
}

function toResultEvent({ isCut: _, ...outcome }: CallResult): ToolRunEvent {
  return { type: "tool-result", ...outcome };
}
