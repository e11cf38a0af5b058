/**
 * One run over several routes.
 *
 * @module
 */

import type {
  ChatEvent,
  Clock,
  FinishEvent,
  ProviderError,
  Timeouts,
} from "../mod.ts";
import type { DelegatingContext } from "../core/chat/delegation.ts";
import type { RunContext } from "../core/provider.ts";
import type { AnswerWriter } from "./answer_writer.ts";
import type { CircuitBreaker } from "./circuit_breaker.ts";
import { toContinuation } from "./continuation.ts";
import { createAnswerWriter } from "./create_answer_writer.ts";
import type { OnPartial } from "./failover_options.ts";
import { isDown, shouldAskNext } from "./failure.ts";
import { raceRoutes } from "./race.ts";
import type { RouteOutcomes } from "./route_outcomes.ts";
import type { ResolvedRoute } from "./route.ts";
import { createRouteQueue, type RouteQueue } from "./route_queue.ts";
import { type RouteRun, startRoute } from "./route_run.ts";
import { openThread, type RouteInput, type Thread } from "./thread.ts";

/** Options for {@linkcode FailoverRun}. */
export interface FailoverRunOptions {
  /** The id of the failover. */
  readonly id: string;
  /** What becomes of an answer that breaks off. */
  readonly onPartial: OnPartial;
  /** The longest `Retry-After` that is waited for while a route is left. */
  readonly maxRetryDelay: number;
  /** Clocks of every route. */
  readonly timeouts: Timeouts;
  /** Finds the routes, in the order in which to ask them. */
  readonly openQueue: () => Promise<RouteQueue>;
  /** Knows which routes fail. */
  readonly breaker: CircuitBreaker;
  /** Gets what becomes of each route. */
  readonly outcomes: RouteOutcomes;
  /** After which silence the next route is asked too. */
  readonly hedgeAfter: number | null;
  /** Where time comes from. */
  readonly clock: Clock;
}

/**
 * One run over several routes: asks one after another until one speaks, hands
 * on what it says, and asks the next where it breaks off.
 */
export class FailoverRun {
  readonly #run: RunContext;
  readonly #options: FailoverRunOptions;
  readonly #thread: Thread;
  readonly #writer: AnswerWriter;
  readonly #outcomes: RouteOutcomes;
  #queue: RouteQueue;
  /** The route whose answer is being shown. */
  #speaker: RouteRun | undefined;

  /**
   * Makes a run; nobody is asked yet.
   *
   * @param run The run of the failover.
   * @param options The routes, and the rules.
   * @throws {ProviderError} If the messages hold nothing new, with code
   * `invalid-request`.
   */
  constructor(run: DelegatingContext, options: FailoverRunOptions) {
    this.#run = run;
    this.#options = options;
    this.#thread = openThread(run, options.id);
    // Nobody goes on with half an object.
    const { onPartial } = options;
    const isObject = run.options.output !== undefined;
    this.#writer = createAnswerWriter(
      onPartial === "continue" && isObject ? "error" : onPartial,
      run.limits,
    );
    this.#outcomes = options.outcomes;
    this.#queue = createRouteQueue([], [], options.breaker);
    run.reportHeld(() => this.#writer.toHeld?.());
  }

  /**
   * Answers by the first route that can.
   *
   * One generator for all routes: each that hands on what another yields would
   * cost some promises for each network piece.
   *
   * @returns The events of one answer.
   * @throws {ProviderError} If no route answers.
   */
  async *answer(): AsyncGenerator<readonly ChatEvent[]> {
    const outcomes = this.#outcomes;
    this.#queue = await this.#options.openQueue();
    try {
      for (;;) {
        const speaker = await this.#findSpeaker();
        if (speaker === undefined) {
          throw outcomes.toError(this.#options.id) ??
            this.#run.fail("No route is left", { code: "upstream" });
        }
        this.#speaker = speaker;
        try {
          yield this.#begin(speaker);
          for (;;) {
            const batch = await speaker.next();
            if (batch === undefined) return;
            yield this.#write(speaker, batch);
          }
        } catch (error) {
          this.#speaker = undefined;
          await speaker.stream.cancel();
          this.#leave(speaker, error, true);
          if (!this.#writer.canRestart()) throw error;
        }
      }
    } finally {
      if (this.#speaker !== undefined) outcomes.lose(this.#speaker, false);
      await outcomes.settle();
    }
  }

  /** Asks the routes that are left until one speaks. */
  async #findSpeaker(): Promise<RouteRun | undefined> {
    const { hedgeAfter, clock } = this.#options;
    return await raceRoutes({
      start: (isAlone) => this.#start(isAlone),
      hasNext: () => this.#queue.hasNext(),
      hedgeAfter,
      clock,
      onFailure: (failed, error) => this.#leave(failed, error, false),
      onLoss: (lost, isSlow) => {
        // The one that won may break off.
        const limits = lost.toRetryLimits();
        if (limits) this.#queue.putLast({ route: lost.route, limits });
        this.#outcomes.lose(lost, isSlow);
      },
    });
  }

  /** Asks the next route. */
  async #start(isAlone: boolean): Promise<RouteRun | undefined> {
    const run = this.#run;
    const queue = this.#queue;
    const { timeouts, maxRetryDelay } = this.#options;
    const queued = await queue.take(isAlone);
    if (queued === undefined) return undefined;
    const { route, probe, isLastResort, isAnew = false, limits } = queued;
    // The caller may have left meanwhile.
    if (run.signal.aborted) this.#outcomes.release(queued);
    run.signal.throwIfAborted();
    const isTrial = probe !== undefined || isLastResort;
    const started = startRoute(run, route, {
      input: this.#toInput(route, isAnew),
      probe,
      isAnew,
      timeouts,
      hasNext: queue.hasNext(),
      mayRetry: (failure) => this.#mayRetry(route, failure),
      maxRetries: isTrial ? 0 : limits?.maxRetries,
      maxRetryDelay: queue.hasNext()
        ? Math.min(maxRetryDelay, run.options.maxRetryDelay ?? Infinity)
        : undefined,
    });
    this.#outcomes.add(started);
    return started;
  }

  /** Writes what a route is asked. */
  #toInput(route: ResolvedRoute, isAnew: boolean): RouteInput {
    const prefix = this.#writer.toPrefix();
    if (prefix === "") return this.#thread.toInput(route, isAnew);
    const { messages } = this.#thread.toInput(route, true);
    return {
      messages: toContinuation(route, messages, prefix),
      conversation: undefined,
    };
  }

  /** Whether a route may get another attempt. */
  async #mayRetry(
    { key }: ResolvedRoute,
    failure: ProviderError,
  ): Promise<boolean> {
    if (this.#queue.hasNext() && isDown(failure)) return false;
    // Other runs may have found out meanwhile that it fails.
    const [look] = await this.#options.breaker.look([key]);
    return !look?.isOpen;
  }

  /** Leaves a route that has failed; throws where no other is to be asked. */
  #leave(failed: RouteRun, error: unknown, isShown: boolean): void {
    const { signal } = this.#run;
    if (signal.aborted) {
      this.#outcomes.lose(failed, false);
      throw signal.reason;
    }
    const isFirst = this.#outcomes.isFirst(failed);
    this.#outcomes.fail(failed, error, isShown);
    if (!shouldAskNext(error, isFirst && !isShown)) throw error;
    const { route, isAnew } = failed;
    if (error.code === "conversation-expired" && !isAnew) {
      // The failover knows the whole chat: nothing is forgotten.
      this.#queue.putBack({ route, isAnew: true });
    }
  }

  /** Begins to show what a route says. */
  #begin(speaker: RouteRun): readonly ChatEvent[] {
    const { failure } = this.#outcomes;
    // The last attempt is the one that answers.
    this.#outcomes.moveToEnd(speaker);
    const { answerer, route } = speaker;
    const reason = failure?.code ?? "incomplete";
    const { supportsPrefill } = route.provider;
    const begun = this.#writer.begin(answerer, reason, supportsPrefill);
    this.#thread.addEvents(begun);
    return begun;
  }

  /** Hands on what a route says. */
  #write(
    speaker: RouteRun,
    batch: readonly ChatEvent[],
  ): readonly ChatEvent[] {
    const events = this.#writer.write(batch);
    this.#thread.addEvents(events);
    const finish = events.at(-1);
    return finish?.type === "finish"
      ? [...events.slice(0, -1), this.#finish(speaker, finish)]
      : events;
  }

  #finish(speaker: RouteRun, finish: FinishEvent): FinishEvent {
    this.#speaker = undefined;
    this.#outcomes.succeed(speaker);
    this.#run.conversation = this.#thread.end(speaker.route, finish);
    const attempts = this.#outcomes.toAttempts();
    return { ...speaker.answerer, ...finish, attempts };
  }
}
