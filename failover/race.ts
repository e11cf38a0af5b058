/**
 * Asks one route after another until one speaks.
 *
 * @module
 */

import type { Clock } from "../mod.ts";
import type { RouteRun } from "./route_run.ts";

/** What a race is run with. */
export interface RaceOptions {
  /** Asks the next route; gives `undefined` where none is left. */
  readonly start: () => Promise<RouteRun | undefined>;
  /** Whether another route may be left. */
  readonly hasNext: () => boolean;
  /** Milliseconds of silence after which the next one is asked too. */
  readonly hedgeAfter: number | null;
  /** Where time comes from. */
  readonly clock: Clock;
  /**
   * Is told of a route that failed before it spoke.
   *
   * @throws What ends the race, where no other route can mend it.
   */
  readonly onFailure: (run: RouteRun, error: unknown) => void;
  /** Gets the routes that were slower than another. */
  readonly onLoss: (run: RouteRun) => void;
}

interface Outcome {
  readonly run: RouteRun;
  readonly failure?: { readonly error: unknown };
}

async function hear(run: RouteRun): Promise<Outcome> {
  try {
    await run.hear();
    return { run };
  } catch (error) {
    return { run, failure: { error } };
  }
}

/**
 * Finds the route that speaks first. Each gets a head start before the next.
 *
 * @param options The routes, and the rules.
 * @returns The first to speak, or `undefined` where none is left.
 */
export async function raceRoutes(
  { start, hasNext, hedgeAfter, clock, onFailure, onLoss }: RaceOptions,
): Promise<RouteRun | undefined> {
  const running = new Map<RouteRun, Promise<Outcome>>();
  async function startNext(): Promise<void> {
    const run = await start();
    if (run !== undefined) running.set(run, hear(run));
  }

  /** Waits for a route, or for the time to ask another. */
  async function wait(): Promise<Outcome | undefined> {
    const outcomes = Promise.race(running.values());
    if (hedgeAfter === null || !hasNext()) return await outcomes;
    let timer: unknown;
    const silence = new Promise<undefined>((resolve) => {
      timer = clock.setTimeout(() => resolve(undefined), hedgeAfter);
    });
    try {
      return await Promise.race([outcomes, silence]);
    } finally {
      clock.clearTimeout(timer);
    }
  }

  try {
    for (;;) {
      if (running.size === 0) await startNext();
      if (running.size === 0) return undefined;
      const outcome = await wait();
      if (outcome === undefined) {
        await startNext();
        continue;
      }
      const { run, failure } = outcome;
      running.delete(run);
      if (failure === undefined) return run;
      onFailure(run, failure.error);
    }
  } finally {
    for (const run of running.keys()) onLoss(run);
  }
}
