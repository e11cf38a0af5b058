/**
 * The attempts of one run.
 *
 * @module
 */

import { AnswerReader, type ReadResult } from "./answer_reader.ts";
import {
  type AttemptLog,
  endAttempt,
  recordContent,
  startAttempt,
} from "./attempt_log.ts";
import type { ProviderDefinition } from "../chat/definition.ts";
import { hideCookies, toConversationEvent } from "./parse_conversation.ts";
import { toOuterRun } from "./outer_run.ts";
import { isProviderError, ProviderError } from "../chat/errors.ts";
import { type PartialCollector, toPartialAnswer } from "./partial_collector.ts";
import { canRetry, toRetryDelay } from "../http/retry_after.ts";
import type { AttemptContext } from "./run_context.ts";
import type { ProviderParts, RunPlan } from "./run_plan.ts";
import type { Scope } from "../http/scope.ts";
import { toSettingWarnings } from "./setting_warnings.ts";
import { toStopWords } from "./stop_cutter.ts";
import type { Within } from "../streams/abortable.ts";
import type { ChatEvent, FinishEvent } from "../chat/events.ts";
import { isError } from "../streams/values.ts";
import { cleanCause } from "../http/redactor.ts";

/** What the attempts of one run share. */
export interface RunAttemptsOptions {
  /** How the provider responds. */
  readonly definition: ProviderDefinition;
  /** The provider. */
  readonly parts: ProviderParts;
  /** What it works with. */
  readonly context: AttemptContext;
  /** What the run is to do. */
  readonly plan: RunPlan;
  /** What its requests share. */
  readonly scope: Scope;
  /** Gets what comes of the answer. */
  readonly partial: PartialCollector;
  /** Gets what becomes of each attempt. */
  readonly log: AttemptLog;
  /** Waits no longer than the run goes on. */
  readonly within: Within;
}

/**
 * Makes one kind of error out of whatever a provider throws.
 *
 * @param error What was thrown.
 * @param scope The run, once it has begun.
 */
export function toFailure(
  error: unknown,
  scope: Scope | undefined,
): ProviderError {
  if (isProviderError(error)) return error;
  const name = isError(error) ? error.name : typeof error;
  return new ProviderError(`Provider threw ${name}`, {
    code: "bad-response",
    cause: scope && cleanCause(scope.redactor, error),
  });
}

/** Lets an iterator clean up. */
async function leave(iterator: AsyncIterator<unknown>): Promise<void> {
  await iterator.return?.();
}

/**
 * Asks until an answer is whole, or nothing more can mend the failure.
 *
 * One generator for all attempts: each that hands on what another yields would
 * cost some promises for each network piece.
 *
 * @param options What the attempts share.
 * @returns All events but the last ones, which end it.
 */
export async function* runAttempts(
  { definition, parts, context, plan, scope, partial, log, within }:
    RunAttemptsOptions,
): AsyncGenerator<readonly ChatEvent[], readonly ChatEvent[] | undefined> {
  const { config, retryBudget, tools } = parts;
  const { clocks, signal } = scope;
  const { mayRetry, onBegin, cutter, isJoined } = toOuterRun(
    plan.options,
  );
  const keepsChats = definition.parseConversation !== undefined;
  const reader = new AnswerReader(partial, {
    stop: cutter ? undefined : toStopWords(plan.options),
    cutter,
    drains: keepsChats,
  });
  let attempt = 0;

  /** Reads what was yielded, of which nothing is kept while more is waited for. */
  function read(
    { done, value }: IteratorResult<ChatEvent | Iterable<ChatEvent>>,
  ): ReadResult {
    if (done) {
      throw new ProviderError("Answer ends before it is whole", {
        code: "incomplete",
      });
    }
    const result = reader.read(value);
    clocks.receive(result.hasContent);
    if (result.hasContent) recordContent(log);
    return result;
  }

  /** Gives what ends the answer. */
  async function end(finish: FinishEvent): Promise<readonly ChatEvent[]> {
    const held = reader.end();
    const { events, finish: last } = tools && plan.tools
      ? await tools.completeAnswer(
        { ...toPartialAnswer(partial), finish },
        plan.tools.expected,
      )
      : { events: [], finish };
    const { conversation } = context;
    endAttempt(log);
    retryBudget.giveBack(attempt - 1);
    return [
      ...held,
      ...events,
      reader.usage,
      conversation && toConversationEvent(conversation),
      last,
    ].filter((event) => event !== undefined);
  }

  const warnings = toSettingWarnings(plan.options, plan, plan.model);
  if (warnings.length > 0) yield reader.read(warnings).events;
  const {
    maxRetries = config.maxRetries,
    maxRetryDelay = config.maxRetryDelay,
  } = plan.options;
  onBegin?.(keepsChats ? undefined : { maxRetries, retryBudget });
  for (;;) {
    startAttempt(log);
    context.attempt = ++attempt;
    clocks.startAttempt();
    reader.startAttempt();
    clocks.wait();
    try {
      const answer = definition.respond(context);
      const iterator =
        (Symbol.asyncIterator in answer ? answer : await within(answer))
          [Symbol.asyncIterator]();
      let finish: FinishEvent | undefined;
      try {
        do {
          clocks.wait();
          const { events, failure } = read(await within(iterator.next()));
          // What came before a failure belongs to the caller.
          if (events.length > 0) yield events;
          signal.throwIfAborted();
          if (failure !== undefined) throw failure.error;
          finish = reader.toFinish();
        } while (finish === undefined);
      } finally {
        // The answer is whole, or has failed for another reason.
        await within(leave(iterator)).catch(() => {});
      }
      return await within(end(finish));
    } catch (error) {
      const failure = signal.aborted ? signal.reason : toFailure(error, scope);
      endAttempt(log, failure);
      // Neither what is handed on nor the wait is a silence of the upstream.
      clocks.receive(false);
      if (
        !canRetry(failure, maxRetryDelay) ||
        reader.hasShown || attempt > maxRetries ||
        (await mayRetry?.(failure)) === false || !retryBudget.take()
      ) {
        const { partialConversation } = context;
        partial.conversation = partialConversation &&
          hideCookies(partialConversation);
        // Who leaves does not wait for what is held.
        if (isProviderError(failure) && !isJoined) {
          const { events } = reader.read(context.readHeld?.() ?? [], true);
          if (events.length > 0) yield events;
        }
        throw failure;
      }
      await clocks.sleep(
        toRetryDelay(attempt, failure.retryAfter, config.random),
        signal,
      );
      // Other runs may have found out meanwhile that it is in vain.
      if ((await mayRetry?.(failure)) === false) throw failure;
    } finally {
      // A reader may also leave between two pieces.
      endAttempt(log, signal.reason);
    }
  }
}
