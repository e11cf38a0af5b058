/**
 * The routes of one run, one of which speaks at a time.
 *
 * @module
 */

import type { Clock, ProviderError, Timeouts } from "../mod.ts";
import type { DelegatingContext } from "../core/run/delegation.ts";
import type { ReadOptions } from "../core/run/answer_reader.ts";
import type { AnswerWriter } from "./answer_writer.ts";
import type { CircuitBreaker } from "./circuit_breaker.ts";
import { createAnswerWriter } from "./create_answer_writer.ts";
import type { OnPartial } from "./failover_options.ts";
import { isDown, shouldAskNext } from "./failure.ts";
import { raceRoutes } from "./race.ts";
import { isJoined, RouteCutter, toReadOptions } from "./route_cutter.ts";
import { RouteOutcomes } from "./route_outcomes.ts";
import type { ResolvedRoute } from "./route.ts";
import type { RouteQueue } from "./route_queue.ts";
import { type RouteRun, startRoute } from "./route_run.ts";
import { openThread, type Thread } from "./thread.ts";

/** What is the same for all runs of a failover. */
export interface FailoverRules {
  /** The id of the failover. */
  readonly id: string;
  /** What becomes of an answer that breaks off. */
  readonly onPartial: OnPartial;
  /** The longest `Retry-After` that is waited for while a route is left. */
  readonly maxRetryDelay: number;
  /** Clocks of every route. */
  readonly timeouts: Timeouts;
  /** Knows which routes fail. */
  readonly breaker: CircuitBreaker;
  /** Where time comes from. */
  readonly clock: Clock;
  /** Finds the routes of a run, in the order in which to ask them. */
  queue(run: DelegatingContext, breaker: CircuitBreaker): Promise<RouteQueue>;
  /** After which silence the next route is asked too. */
  toHedgeAfter(run: DelegatingContext): number | null;
}

/** Asks the routes of one run, one after another, until one speaks. */
export class FailoverRun {
  readonly #run: DelegatingContext;
  readonly #rules: FailoverRules;
  readonly #breaker: CircuitBreaker;
  /** What cuts the answers of all routes, where that is not their own part. */
  readonly #cutter: RouteCutter | undefined;
  #queue: RouteQueue | undefined;
  /** What became of each route. */
  readonly outcomes: RouteOutcomes;
  /** The whole chat. */
  readonly thread: Thread;
  /** Makes one answer out of theirs. */
  readonly writer: AnswerWriter;
  /** How that is read. */
  readonly reading: ReadOptions;

  /**
   * Makes a run; nobody is asked yet.
   *
   * @param run The run of the failover.
   * @param rules What is the same for all of them.
   * @throws {ProviderError} If the messages hold nothing new, with code
   * `invalid-request`.
   */
  constructor(run: DelegatingContext, rules: FailoverRules) {
    this.#run = run;
    this.#rules = rules;
    this.#breaker = rules.breaker.during(run.signal);
    const outcomes = new RouteOutcomes(this.#breaker);
    const toAttempts = () => outcomes.toAttempts();
    run.log.others = toAttempts;
    this.outcomes = outcomes;
    this.thread = openThread(run, rules.id);
    // Nobody goes on with half an object.
    const { onPartial } = rules;
    const isObject = run.options.output !== undefined;
    this.writer = createAnswerWriter(
      onPartial === "continue" && isObject ? "error" : onPartial,
      run.limits,
    );
    run.partial.held = this.writer.toHeld;
    this.reading = toReadOptions(run.options, onPartial);
    const { cutter } = this.reading;
    this.#cutter = cutter && new RouteCutter(cutter);
  }

  /**
   * Asks the routes that are left until one speaks.
   *
   * @returns The one that does.
   * @throws {ProviderError} If none does.
   */
  async findSpeaker(): Promise<RouteRun> {
    const { clock, id, toHedgeAfter } = this.#rules;
    const run = this.#run;
    const queue = this.#queue ??= await this.#rules.queue(run, this.#breaker);
    const speaker = await raceRoutes({
      start: (isAlone) => this.#start(queue, isAlone),
      hasNext: () => queue.hasNext(),
      hedgeAfter: toHedgeAfter(run),
      clock,
      setAlarm: (ms, ring) => run.clocks.setAlarm(ms, ring),
      onFailure: (failed, error) => this.leave(failed, error, false),
      onLoss: (lost, isSlow) => {
        // The one that won may break off.
        const limits = lost.toRetryLimits();
        if (limits) queue.putLast({ route: lost.route, limits });
        this.outcomes.lose(lost, isSlow);
      },
    });
    if (speaker !== undefined) return speaker;
    throw this.outcomes.toError(id) ??
      run.fail("No route is left", { code: "upstream" });
  }

  /**
   * Leaves a route that has failed.
   *
   * @param failed The route.
   * @param error What it failed with.
   * @param isShown Whether a part of its answer was shown.
   * @throws What ends the run, where no other is to be asked.
   */
  leave(failed: RouteRun, error: unknown, isShown: boolean): void {
    const { signal } = this.#run;
    if (signal.aborted) {
      this.outcomes.lose(failed, false);
      throw signal.reason;
    }
    const isFirst = this.outcomes.isFirst(failed);
    this.outcomes.fail(failed, error, isShown);
    if (!shouldAskNext(error, isFirst && !isShown)) throw error;
    const { route, isAnew } = failed;
    if (error.code === "conversation-expired" && !isAnew) {
      // The failover knows the whole chat: nothing is forgotten.
      this.#queue?.putBack({ route, isAnew: true });
    }
  }

  /** Asks the next route. */
  async #start(
    queue: RouteQueue,
    isAlone: boolean,
  ): Promise<RouteRun | undefined> {
    const run = this.#run;
    const { timeouts, maxRetryDelay } = this.#rules;
    const queued = await queue.take(isAlone);
    if (queued === undefined) return undefined;
    const { route, probe, isLastResort, isAnew = false, limits } = queued;
    // The caller may have left meanwhile.
    if (run.signal.aborted) this.outcomes.release(queued);
    run.signal.throwIfAborted();
    const isTrial = probe !== undefined || isLastResort;
    const started = startRoute(run, route, {
      input: this.thread.toInput(route, isAnew, this.writer.toPrefix()),
      probe,
      isAnew,
      timeouts,
      hasNext: queue.hasNext(),
      mayRetry: (failure) => this.#mayRetry(queue, route, failure),
      maxRetries: isTrial ? 0 : limits?.maxRetries,
      maxRetryDelay: queue.hasNext()
        ? Math.min(maxRetryDelay, run.options.maxRetryDelay ?? Infinity)
        : undefined,
      cutter: this.#cutter,
      isJoined: isJoined(this.#rules.onPartial),
    });
    this.outcomes.add(started);
    return started;
  }

  /** Whether a route may get another attempt. */
  async #mayRetry(
    queue: RouteQueue,
    { key }: ResolvedRoute,
    failure: ProviderError,
  ): Promise<boolean> {
    if (queue.hasNext() && isDown(failure)) return false;
    // Other runs may have found out meanwhile that it fails.
    const [look] = await this.#breaker.look([key]);
    return !look?.isOpen;
  }
}
