/**
 * What became of the routes that one run asked.
 *
 * @module
 */

import { type Attempt, isProviderError, type ProviderError } from "../mod.ts";
import type { CircuitBreaker } from "./circuit_breaker.ts";
import { toFailoverError } from "./failover_error.ts";
import { isUnhealthy } from "./failure.ts";
import type { QueuedRoute } from "./route_queue.ts";
import type { RouteRun } from "./route_run.ts";

/**
 * Writes down what becomes of each route that is asked, for the attempts and
 * the error of the run, and records it with the breaker.
 */
export class RouteOutcomes {
  readonly #breaker: CircuitBreaker;
  readonly #runs: RouteRun[] = [];
  /** Why answers were left of which a part was shown. */
  readonly #shown = new Map<RouteRun, ProviderError>();
  /** What is still to be done when the run ends. */
  readonly #tasks: Promise<void>[] = [];
  #first: RouteRun["route"] | undefined;
  /** Why routes failed, by their keys. */
  readonly #failures = new Map<string, ProviderError>();
  /** The failure that says most: of what was shown last, or of the first. */
  failure: ProviderError | undefined;

  /**
   * Makes a record without routes.
   *
   * @param breaker Records each outcome.
   */
  constructor(breaker: CircuitBreaker) {
    this.#breaker = breaker;
  }

  /** A route is asked. */
  add(run: RouteRun): void {
    this.#first ??= run.route;
    this.#runs.push(run);
  }

  /** Whether a route is the one that was asked first. */
  isFirst({ route }: RouteRun): boolean {
    return route === this.#first;
  }

  /** Counts a route as the last that was asked. */
  moveToEnd(run: RouteRun): void {
    this.#runs.push(...this.#runs.splice(this.#runs.indexOf(run), 1));
  }

  /** A route has given a whole answer. */
  succeed({ route, probe, stream }: RouteRun): void {
    const { firstTokenMs } = stream.attempts.at(-1) ?? {};
    this.#tasks.push(this.#breaker.succeed(route.key, { probe, firstTokenMs }));
  }

  /**
   * A route has failed.
   *
   * @param run The route.
   * @param error What it failed with.
   * @param isShown Whether a part of its answer was shown.
   */
  fail(run: RouteRun, error: unknown, isShown: boolean): void {
    if (isUnhealthy(error)) {
      const { route, probe } = run;
      const { retryAfter } = error;
      this.#tasks.push(this.#breaker.fail(route.key, { probe, retryAfter }));
    } else {
      this.release(run);
    }
    if (!isProviderError(error)) return;
    this.#failures.set(run.route.key, error);
    if (isShown) this.#shown.set(run, error);
    if (isShown || this.isFirst(run) || this.failure === undefined) {
      this.failure = error;
    }
  }

  /**
   * A route was slower than another, or nobody reads it any more.
   *
   * @param run The route.
   * @param isSlow Whether it had all the time that a route has alone.
   */
  lose(run: RouteRun, isSlow: boolean): void {
    const { route, probe, stream } = run;
    const failure = { probe, retryAfter: run.toRetryAfter() };
    this.#tasks.push(stream.cancel());
    // Or each run would wait for a route that is silent.
    if (isSlow) this.#tasks.push(this.#breaker.fail(route.key, failure));
    else this.release(run);
  }

  /** Nothing is known of a route: the next run may probe it. */
  release({ route, probe }: Pick<QueuedRoute, "route" | "probe">): void {
    if (probe === undefined) return;
    this.#tasks.push(this.#breaker.release(route.key, probe));
  }

  /**
   * Makes the error of a run whose routes have all failed.
   *
   * @param id The id of the failover.
   * @returns The error; `undefined` where none was asked.
   */
  toError(id: string): ProviderError | undefined {
    return this.failure && toFailoverError(id, this.#failures, this.failure);
  }

  /** Gives every attempt so far. */
  toAttempts(): readonly Attempt[] {
    return this.#runs.flatMap((run) => {
      const { attempts } = run.stream;
      const error = this.#shown.get(run);
      const last = attempts.at(-1);
      if (error === undefined || last === undefined) return attempts;
      const { code, message } = error;
      // What the upstream itself failed with says more.
      return attempts.with(-1, {
        message,
        ...last,
        code: last.code === "aborted" ? code : last.code ?? code,
      });
    });
  }

  /** Waits until all is recorded. */
  async settle(): Promise<void> {
    await Promise.all(this.#tasks);
  }
}
