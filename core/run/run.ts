/**
 * One run: from the caller's input to the end of the answer.
 *
 * @module
 */

import { createAttemptLog, toAttempts } from "./attempt_log.ts";
import type { BatchSource } from "../streams/batch_iterator.ts";
import { TOTAL_ONLY } from "../http/clocks.ts";
import { completeError, ProviderError } from "../chat/errors.ts";
import {
  createPartialCollector,
  type PartialCollector,
  toPartialAnswer,
} from "./partial_collector.ts";
import { runAttempts, toFailure } from "./run_attempts.ts";
import { toContext } from "./run_context.ts";
import type { AnswerBatches } from "./delegation.ts";
import { createWithin } from "../streams/abortable.ts";
import { planRun, type ProviderParts, type RunPlan } from "./run_plan.ts";
import { OpenScope, toClosed } from "../http/scope.ts";
import { mergeTimeouts } from "../http/provider_config.ts";
import { toOuterRun } from "./outer_run.ts";
import type { Attempt } from "../chat/attempt.ts";
import type { ChatEvent } from "../chat/events.ts";
import type { ChatInput, ChatOptions } from "../chat/types.ts";

/** One run, as batches of events; each is pulled, and only when asked for. */
export interface Run extends BatchSource<ChatEvent> {
  /** The id of the provider. */
  readonly provider: string;
  /** The id of the model; empty where it is unknown. */
  readonly model: string;
  /** What has come so far. */
  readonly partial: PartialCollector;
  /** Is called when the caller's signal aborts: nothing more is to be read. */
  onAbort: (() => void) | undefined;
  /** Copies what is known of every attempt so far. */
  toAttempts(): readonly Attempt[];
  /**
   * Reads on.
   *
   * @returns The next events, or `undefined` after the last.
   * @throws {ProviderError} If the answer is not whole.
   * @throws The reason of the caller's signal, if it aborts, or an `AbortError`
   * after `close`.
   */
  next(): Promise<readonly ChatEvent[] | undefined>;
  /** Ends the run early and lets go of everything. */
  close(): Promise<void>;
}

/** Whether the caller ended the run, for this reason. */
function isReasonOf(signal: AbortSignal | undefined, error: unknown): boolean {
  return signal?.aborted === true && error === signal.reason;
}

/**
 * Makes a run, which starts when it is first read.
 *
 * @param parts The provider.
 * @param input A prompt, or the messages of a chat.
 * @param options The options of the run.
 */
export function createRun(
  parts: ProviderParts,
  input: ChatInput,
  options: ChatOptions,
): Run {
  const { config, busy, definition } = parts;
  const provider = definition.id;
  let plan: RunPlan | undefined;
  let invalid: unknown;
  // Input is read now, so that the caller can change it afterwards, but what
  // is wrong with it fails the first read.
  try {
    plan = planRun(parts, input, options);
  } catch (error) {
    invalid = error;
  }
  const model = plan?.model ?? "";
  const signal = plan?.options.signal;
  const partial = createPartialCollector(
    config.limits,
    parts.tools?.createCallCollector,
  );
  const log = createAttemptLog(config.clock, { provider, model });
  let scope: OpenScope | undefined;
  let batches: AnswerBatches | undefined;
  let isOver = false;
  let isWhole = false;
  let isClosed = false;
  let isReading = false;
  /** Why it ended while nobody read. */
  let unread: { readonly reason: unknown } | undefined;
  /** The conversation that no other run may use meanwhile. */
  let busyId: string | undefined;

  /** Opens everything that the run needs. */
  function open(): AnswerBatches {
    if (plan === undefined) throw invalid;
    scope = new OpenScope(config, {
      signal,
      timeouts: mergeTimeouts(
        config.timeouts,
        toOuterRun(plan.options).timeouts,
        config.givenTimeouts,
        plan.options.timeouts,
        // The runs of others watch the other clocks.
        "delegate" in definition ? TOTAL_ONLY : undefined,
      ),
      headers: plan.headers,
    });
    scope.redactor.messages = plan.messages;
    const id = plan.options.conversation?.id;
    if (id !== undefined && busy.has(id)) {
      throw new ProviderError("Conversation is in use by another run", {
        code: "conflict",
      });
    }
    if (id !== undefined) busy.add(id);
    busyId = id;
    scope.start();
    const within = createWithin(scope.signal, onAbort);
    const context = toContext(plan, scope, log);
    if ("delegate" in definition) {
      return definition.delegate({ ...context, partial, log, within });
    }
    return runAttempts({
      definition,
      parts,
      context,
      plan,
      scope,
      partial,
      log,
      within,
    });
  }

  /** Lets go of everything. */
  function end(): void {
    // Only once: the conversation may be another run's meanwhile.
    if (isOver) return;
    isOver = true;
    if (busyId !== undefined) busy.delete(busyId);
    scope?.close();
  }

  /** Ends the run where nobody reads, who would end with it. */
  function onAbort(reason: unknown): void {
    if (isOver || isClosed) return;
    if (isReasonOf(signal, reason)) run.onAbort?.();
    if (isReading) return;
    unread = { reason };
    end();
    void batches?.return(undefined).catch(() => {});
  }

  function toFinalError(error: unknown): unknown {
    if (isReasonOf(signal, error)) return error;
    return completeError(toFailure(error, scope), {
      provider,
      model: model || undefined,
      action: parts.action,
      partial: partial.held?.() ?? toPartialAnswer(partial),
      attempts: toAttempts(log),
    });
  }

  const run: Run = {
    provider,
    model,
    partial,
    onAbort: undefined,
    toAttempts: () => toAttempts(log),
    async next() {
      try {
        if (unread !== undefined) {
          const { reason } = unread;
          unread = undefined;
          throw reason;
        }
        if (!isOver) {
          isReading = true;
          batches ??= open();
          const { done, value } = await batches.next();
          // Nothing is open any more when the last events are handed on: who has
          // seen `finish` may read no further.
          if (done) end();
          isWhole = done === true && value !== undefined;
          if (value !== undefined) return value;
        }
      } catch (error) {
        end();
        if (!isClosed) throw toFinalError(error);
      } finally {
        isReading = false;
      }
      if (!isClosed || isWhole) return undefined;
      // A reader beside the one who closed must not take it for a whole answer.
      throw toClosed();
    },
    async close() {
      isClosed = true;
      scope?.abort(toClosed());
      await batches?.return(undefined).catch(() => {});
      end();
    },
  };
  return run;
}
