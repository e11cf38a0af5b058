/**
 * One run: from the caller's input to the end of the answer.
 *
 * @module
 */

import { abortable } from "./abortable.ts";
import { AnswerReader } from "./answer_reader.ts";
import { AttemptLog } from "./attempt_log.ts";
import type { BatchSource } from "./batch_iterator.ts";
import { hideCookies } from "./conversation.ts";
import { completeError, ProviderError } from "./errors.ts";
import { PartialCollector } from "./partial_collector.ts";
import { toText } from "./prompt.ts";
import { isMendable, toRetryDelay } from "./retry_after.ts";
import { type Context, toContext } from "./run_context.ts";
import { planRun, type ProviderParts, type RunPlan } from "./run_plan.ts";
import { Scope } from "./scope.ts";
import { toSettingWarnings } from "./setting_warnings.ts";
import { mergeTimeouts } from "./settings.ts";
import type { ChatEvent, ChatInput, ChatOptions } from "./types.ts";

/** Why a run ends that nobody wants to read any more. */
function toClosedError(): DOMException {
  return new DOMException("The stream was closed", "AbortError");
}

/** One run, as batches of events; each is pulled, and only when asked for. */
export class Run implements BatchSource<ChatEvent> {
  /** What has come so far. */
  readonly partial: PartialCollector = new PartialCollector();
  /** Every attempt so far. */
  readonly attempts: AttemptLog;
  readonly #parts: ProviderParts;
  readonly #events: AsyncGenerator<readonly ChatEvent[], undefined>;
  readonly #plan: RunPlan | undefined;
  readonly #invalid: unknown;
  #scope: Scope | undefined;
  /** Is called when the caller's signal aborts: nothing more is to be read. */
  onAbort: () => void = () => {};
  #closed = false;

  constructor(parts: ProviderParts, input: ChatInput, options: ChatOptions) {
    this.#parts = parts;
    // Input is read now, so that the caller can change it afterwards, but what
    // is wrong with it is told by the first read.
    try {
      this.#plan = planRun(parts, input, options);
    } catch (error) {
      this.#invalid = error;
    }
    this.attempts = new AttemptLog(parts.settings.clock, {
      provider: this.provider,
      model: this.model,
    });
    this.#events = this.#run();
  }

  /** The id of the provider. */
  get provider(): string {
    return this.#parts.definition.id;
  }

  /** The id of the model; empty where it is unknown. */
  get model(): string {
    return this.#plan?.model ?? "";
  }

  /**
   * Reads on.
   *
   * @returns The next events, or `undefined` after the last.
   * @throws {ProviderError} If the answer is not whole.
   * @throws The reason of the caller's signal, if it aborts, or an `AbortError`
   * after `close`.
   */
  async next(): Promise<readonly ChatEvent[] | undefined> {
    try {
      const { value } = await this.#events.next();
      if (value !== undefined || !this.#closed) return value;
    } catch (error) {
      if (!this.#closed) throw this.#toFinalError(error);
    }
    // A reader beside the one who closed must not take it for a whole answer.
    throw toClosedError();
  }

  /** Ends the run early and lets go of everything. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#scope?.abort(toClosedError());
    await this.#events.return(undefined).catch(() => {});
  }

  async *#run(): AsyncGenerator<readonly ChatEvent[], undefined> {
    const { settings, busy } = this.#parts;
    const plan = this.#plan;
    if (plan === undefined) throw this.#invalid;
    const scope = new Scope(settings, {
      signal: plan.options.signal,
      timeouts: mergeTimeouts(settings.timeouts, plan.options.timeouts),
      headers: plan.headers,
    });
    this.#scope = scope;
    for (const message of plan.messages) {
      scope.redactor.addPrompt(toText(message));
    }
    const id = plan.conversation?.id;
    if (id !== undefined && busy.has(id)) {
      throw new ProviderError("Conversation is in use by another run", {
        code: "conflict",
      });
    }
    let last: readonly ChatEvent[];
    try {
      if (id !== undefined) busy.add(id);
      scope.start();
      scope.signal.addEventListener("abort", () => {
        if (scope.isCallerReason(scope.signal.reason)) this.onAbort();
      });
      last = yield* this.#runAttempts(plan, scope);
    } finally {
      if (id !== undefined) busy.delete(id);
      scope.close();
    }
    // By now nothing is open any more: who has seen `finish` may read no further.
    yield last;
    return undefined;
  }

  /** Yields all events but the last ones, which it returns. */
  async *#runAttempts(
    plan: RunPlan,
    scope: Scope,
  ): AsyncGenerator<readonly ChatEvent[], readonly ChatEvent[]> {
    const { definition, models, settings } = this.#parts;
    const reader = new AnswerReader(this.partial);
    const context = toContext(plan, scope, this.attempts);
    const warnings = toSettingWarnings(
      plan.options,
      models.isImageModel(this.model) ? [] : definition.settings ?? [],
      this.model,
    );
    if (warnings.length > 0) yield reader.read(warnings).events;
    const maxRetries = plan.options.maxRetries ?? settings.maxRetries;
    for (;;) {
      this.attempts.start();
      context.attempt = this.attempts.count;
      scope.clocks.startAttempt();
      reader.startAttempt();
      try {
        return yield* this.#answer(context, scope, reader);
      } catch (error) {
        const failure = scope.signal.aborted
          ? scope.signal.reason
          : this.#toFailure(error);
        this.attempts.end(failure);
        if (
          !isMendable(failure) || reader.hasContent ||
          this.attempts.count > maxRetries
        ) throw failure;
        // The wait before the next attempt is no silence of the upstream.
        scope.clocks.hear(false);
        await scope.clocks.sleep(
          toRetryDelay(
            this.attempts.count,
            failure.retryAfter,
            settings.random,
          ),
          scope.signal,
        );
      }
    }
  }

  /** One attempt: all that the provider yields, up to `finish`. */
  async *#answer(
    context: Context,
    scope: Scope,
    reader: AnswerReader,
  ): AsyncGenerator<readonly ChatEvent[], readonly ChatEvent[]> {
    const iterator = this.#parts.definition.respond(context)
      [Symbol.asyncIterator]();
    try {
      while (reader.finish === undefined) {
        scope.clocks.wait();
        const { done, value } = await abortable(
          iterator.next(),
          scope.signal,
        );
        if (done) {
          throw new ProviderError("Answer ends before it is whole", {
            code: "incomplete",
          });
        }
        const { events, hasContent, failure } = reader.read(value);
        scope.clocks.hear(hasContent);
        if (hasContent) this.attempts.hearContent();
        // What came before a failure belongs to the caller.
        if (events.length > 0) yield events;
        scope.signal.throwIfAborted();
        if (failure !== undefined) throw failure.error;
      }
    } finally {
      await abortable(leave(iterator), scope.signal).catch(() => {});
    }
    const events = reader.end();
    const { conversation } = context;
    if (conversation !== undefined) {
      events.push({
        type: "conversation",
        conversation: hideCookies(conversation),
      });
    }
    this.attempts.end();
    return [...events, reader.finish];
  }

  /** Makes one kind of error out of whatever a provider throws. */
  #toFailure(error: unknown): ProviderError {
    if (error instanceof ProviderError) return error;
    const name = error instanceof Error ? error.name : typeof error;
    return new ProviderError(`Provider threw ${name}`, {
      code: "bad-response",
      cause: this.#scope?.redactor.cleanCause(error),
    });
  }

  #toFinalError(error: unknown): unknown {
    if (this.#scope?.isCallerReason(error)) return error;
    return completeError(this.#toFailure(error), {
      provider: this.provider,
      model: this.#plan?.model,
      partial: this.partial.toAnswer(),
      attempts: this.attempts.toAttempts(),
    });
  }
}

/** Lets an iterator clean up, whatever it then says. */
async function leave(iterator: AsyncIterator<unknown>): Promise<void> {
  try {
    await iterator.return?.();
  } catch {
    // The answer is whole, or has failed for another reason.
  }
}
