/**
 * One run: from the caller's input to the end of the answer.
 *
 * @module
 */

import {
  type AttemptLog,
  createAttemptLog,
  toAttempts,
} from "./attempt_log.ts";
import type { BatchSource } from "../streams/batch_iterator.ts";
import { TOTAL_ONLY } from "../http/clocks.ts";
import { completeError, ProviderError } from "../chat/errors.ts";
import {
  createPartialCollector,
  MAX_PARTIAL,
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

/** The run of a provider, which starts when it is first read. */
export class ProviderRun implements Run {
  readonly provider: string;
  readonly model: string;
  readonly partial: PartialCollector;
  onAbort: (() => void) | undefined;
  readonly #parts: ProviderParts;
  readonly #plan: RunPlan | undefined;
  /** What is wrong with the input, where there is no plan. */
  readonly #invalid: unknown;
  readonly #log: AttemptLog;
  #scope: OpenScope | undefined;
  #batches: AnswerBatches | undefined;
  #isOver = false;
  #isWhole = false;
  #isClosed = false;
  #isReading = false;
  /** Why it ended while nobody read. */
  #unread: { readonly reason: unknown } | undefined;
  /** The conversation that no other run may use meanwhile. */
  #busyId: string | undefined;

  /**
   * Makes a run.
   *
   * @param parts The provider.
   * @param input A prompt, or the messages of a chat.
   * @param options The options of the run.
   */
  constructor(parts: ProviderParts, input: ChatInput, options: ChatOptions) {
    const { config, definition, tools } = parts;
    this.#parts = parts;
    // Input is read now, so that the caller can change it afterwards, but what
    // is wrong with it fails the first read.
    try {
      this.#plan = planRun(parts, input, options);
    } catch (error) {
      this.#invalid = error;
    }
    const provider = definition.id;
    const model = this.#plan?.model ?? "";
    this.provider = provider;
    this.model = model;
    this.partial = createPartialCollector(
      config.limits,
      tools?.createCallCollector,
    );
    this.#log = createAttemptLog(config.clock, { provider, model });
  }

  toAttempts(): readonly Attempt[] {
    return toAttempts(this.#log);
  }

  async next(): Promise<readonly ChatEvent[] | undefined> {
    try {
      const unread = this.#unread;
      if (unread !== undefined) {
        this.#unread = undefined;
        throw unread.reason;
      }
      if (!this.#isOver) {
        this.#isReading = true;
        this.#batches ??= this.#open();
        const { done, value } = await this.#batches.next();
        // Nothing is open any more when the last events are handed on: who has
        // seen `finish` may read no further.
        if (done) this.#end();
        if (value !== undefined) {
          this.#isWhole = done === true;
          return value;
        }
      }
    } catch (error) {
      this.#end();
      if (!this.#isClosed) throw this.#toFinalError(error);
    } finally {
      this.#isReading = false;
    }
    if (!this.#isClosed || this.#isWhole) return undefined;
    // A reader beside the one who closed must not take it for a whole answer.
    throw toClosed();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#scope?.abort(toClosed());
    await this.#batches?.return(undefined).catch(() => {});
    this.#end();
  }

  /** Opens everything that the run needs. */
  #open(): AnswerBatches {
    const plan = this.#plan;
    if (plan === undefined) throw this.#invalid;
    const { config, busy, definition } = this.#parts;
    const { signal, conversation, timeouts, output } = plan.options;
    const scope = new OpenScope(config, {
      signal,
      timeouts: mergeTimeouts(
        config.timeouts,
        toOuterRun(plan.options).timeouts,
        config.givenTimeouts,
        timeouts,
        // The runs of others watch the other clocks.
        "delegate" in definition ? TOTAL_ONLY : undefined,
      ),
      headers: plan.headers,
    });
    this.#scope = scope;
    scope.redactor.messages = plan.messages;
    const id = conversation?.id;
    if (id !== undefined) {
      if (busy.has(id)) {
        throw new ProviderError("Conversation is in use by another run", {
          code: "conflict",
        });
      }
      busy.add(id);
      this.#busyId = id;
    }
    scope.start();
    const log = this.#log;
    const { partial } = this;
    // The object is read of the text.
    if (output) partial.maxKept ||= MAX_PARTIAL;
    const within = createWithin(scope.signal, (reason) => this.#leave(reason));
    const context = toContext(plan, scope, log);
    if ("delegate" in definition) {
      return definition.delegate({
        ...context,
        partial,
        log,
        within,
        clocks: scope.clocks,
      });
    }
    return runAttempts({
      definition,
      parts: this.#parts,
      context,
      plan,
      scope,
      partial,
      log,
      within,
    });
  }

  /** Lets go of everything. */
  #end(): void {
    // Only once: the conversation may be another run's meanwhile.
    if (this.#isOver) return;
    this.#isOver = true;
    this.#parts.busy.delete(this.#busyId);
    this.#scope?.close();
  }

  /** Ends the run where nobody reads, who would end with it. */
  #leave(reason: unknown): void {
    if (this.#isOver || this.#isClosed) return;
    if (this.#isReason(reason)) this.onAbort?.();
    if (this.#isReading) return;
    this.#unread = { reason };
    this.#end();
    void this.#batches?.return(undefined).catch(() => {});
  }

  /** Whether the caller ended the run, for this reason. */
  #isReason(error: unknown): boolean {
    const signal = this.#plan?.options.signal;
    return signal?.aborted === true && error === signal.reason;
  }

  #toFinalError(error: unknown): unknown {
    if (this.#isReason(error)) return error;
    const { partial } = this;
    return completeError(toFailure(error, this.#scope), {
      provider: this.provider,
      model: this.model || undefined,
      action: this.#parts.action,
      partial: partial.held?.() ?? toPartialAnswer(partial),
      attempts: this.toAttempts(),
    });
  }
}
