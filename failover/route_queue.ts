/**
 * Which routes a run may still ask, and in which order.
 *
 * @module
 */

import type { RetryLimits } from "../core/run/outer_run.ts";
import type { CircuitBreaker, Look } from "./circuit_breaker.ts";
import type { ResolvedRoute } from "./route.ts";

/** A route whose turn it is. */
export interface QueuedRoute {
  readonly route: ResolvedRoute;
  /** What the breaker gave, where this is the one probe of a route. */
  readonly probe?: number | undefined;
  /** Whether it is only asked as no other is left. */
  readonly isLastResort?: boolean | undefined;
  /** Whether what its provider kept of the chat is left aside. */
  readonly isAnew?: boolean | undefined;
  /** What bounds its further attempts, where it was asked and was only slower. */
  readonly limits?: RetryLimits | undefined;
}

/** Gives each route once, but for those that are put back. */
export interface RouteQueue {
  /** Whether another route may be left. */
  hasNext(): boolean;
  /**
   * Takes the next route; `undefined` where none is left.
   *
   * @param isAlone Whether no other route is being asked: only then is one
   * that is open the last resort.
   */
  take(isAlone: boolean): Promise<QueuedRoute | undefined>;
  /** Lets a route be asked once more, as the next one. */
  putBack(queued: QueuedRoute): void;
  /**
   * Lets a route that was only slower be asked once more, as the last one. That is
   * a further attempt: it needs a route that is not open, and its budget.
   */
  putLast(queued: QueuedRoute & { readonly limits: RetryLimits }): void;
}

/**
 * Makes a queue of routes. One that is open is passed over, unless its probe is
 * due; when all others have failed, one that has closed since is asked, and else
 * the one that is due next, after all.
 *
 * @param routes The routes, in the order in which to ask them.
 * @param looks What is known of them.
 * @param breaker Grants probes.
 */
export function createRouteQueue(
  routes: readonly ResolvedRoute[],
  looks: readonly Look[],
  breaker: CircuitBreaker,
): RouteQueue {
  const waiting: QueuedRoute[] = routes.map((route) => ({ route }));
  let passedOver: readonly ResolvedRoute[] = [];

  return {
    hasNext: () => waiting.length > 0,
    async take(isAlone) {
      for (;;) {
        const queued = waiting.shift();
        if (queued === undefined) break;
        const { route: { key }, limits } = queued;
        if (limits !== undefined) {
          // It may have opened since.
          const [look] = await breaker.look([key]);
          if (look?.isOpen || !limits.retryBudget.take()) continue;
          return queued;
        }
        const look = looks.find((look) => look.key === key);
        if (!look?.isOpen || queued.isAnew) return queued;
        const probe = look.isDue ? await breaker.claimProbe(key) : undefined;
        if (probe !== undefined) return { ...queued, probe };
        passedOver = [...passedOver, queued.route];
      }
      if (!isAlone) return undefined;
      const [first] = passedOver;
      if (first === undefined) return undefined;
      // One may have closed since, where others were asked meanwhile.
      const now = passedOver.length < routes.length
        ? await breaker.look(passedOver.map(({ key }) => key))
        : [];
      const closed = passedOver.find((_, index) =>
        now[index]?.isOpen === false
      );
      passedOver = closed ? passedOver.filter((route) => route !== closed) : [];
      return closed ? { route: closed } : { route: first, isLastResort: true };
    },
    putBack: (queued) => void waiting.unshift(queued),
    putLast: (queued) => void waiting.push(queued),
  };
}
