/**
 * One run: from the caller's input to the end of the answer.
 *
 * @module
 */

import { type AttemptLog, createAttemptLog } from "./attempt_log.ts";
import type { BatchSource } from "./batch_iterator.ts";
import { completeError, ProviderError } from "./errors.ts";
import {
  createPartialCollector,
  type PartialCollector,
} from "./partial_collector.ts";
import { toText } from "./prompt.ts";
import { runAttempts, toFailure } from "./run_attempts.ts";
import { planRun, type ProviderParts, type RunPlan } from "./run_plan.ts";
import { openScope, type Scope } from "./scope.ts";
import { mergeTimeouts } from "./settings.ts";
import type { ChatEvent } from "./events.ts";
import type { ChatInput, ChatOptions } from "./types.ts";

/** One run, as batches of events; each is pulled, and only when asked for. */
export interface Run extends BatchSource<ChatEvent> {
  /** The id of the provider. */
  readonly provider: string;
  /** The id of the model; empty where it is unknown. */
  readonly model: string;
  /** What has come so far. */
  readonly partial: PartialCollector;
  /** Every attempt so far. */
  readonly attempts: AttemptLog;
  /** Is called when the caller's signal aborts: nothing more is to be read. */
  onAbort: () => void;
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

/** The clocks that the runs of others watch. */
const OTHERS_CLOCKS = { headers: null, firstToken: null, idle: null };

/** Why a run ends that nobody wants to read any more. */
function toClosedError(): DOMException {
  return new DOMException("The stream was closed", "AbortError");
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
  const { settings, busy } = parts;
  const provider = parts.definition.id;
  let plan: RunPlan | undefined;
  let invalid: unknown;
  // Input is read now, so that the caller can change it afterwards, but what
  // is wrong with it is told by the first read.
  try {
    plan = planRun(parts, input, options);
  } catch (error) {
    invalid = error;
  }
  const model = plan?.model ?? "";
  const partial = createPartialCollector();
  const attempts = createAttemptLog(settings.clock, { provider, model });
  let scope: Scope | undefined;
  let isWhole = false;
  let isClosed = false;

  async function* read(): AsyncGenerator<readonly ChatEvent[], undefined> {
    if (plan === undefined) throw invalid;
    const { signal, timeouts } = plan.options;
    scope = openScope(settings, {
      signal,
      timeouts: {
        ...mergeTimeouts(settings.timeouts, timeouts),
        ...(parts.definition.delegates && OTHERS_CLOCKS),
      },
      headers: plan.headers,
    });
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
        if (scope?.isCallerReason(scope.signal.reason)) run.onAbort();
      });
      last = yield* runAttempts({ parts, plan, scope, partial, attempts });
    } finally {
      if (id !== undefined) busy.delete(id);
      scope.close();
    }
    // By now nothing is open any more: who has seen `finish` may read no further.
    isWhole = true;
    yield last;
    return undefined;
  }

  function toFinalError(error: unknown): unknown {
    if (scope?.isCallerReason(error)) return error;
    return completeError(toFailure(error, scope), {
      provider,
      model: plan?.model,
      partial: partial.toAnswer(),
      attempts: attempts.toAttempts(),
    });
  }

  const events = read();
  const run: Run = {
    provider,
    model,
    partial,
    attempts,
    onAbort() {},
    async next() {
      try {
        const { value } = await events.next();
        if (value || isWhole || !isClosed) return value;
      } catch (error) {
        if (!isClosed) throw toFinalError(error);
      }
      // A reader beside the one who closed must not take it for a whole answer.
      throw toClosedError();
    },
    async close() {
      isClosed = true;
      scope?.abort(toClosedError());
      await events.return(undefined).catch(() => {});
    },
  };
  return run;
}
