/**
 * Asks one route after another until one speaks.
 *
 * @module
 */

import type { Clock } from "../mod.ts";
import type { RouteRun } from "./route_run.ts";

/** What a race is run with. */
export interface RaceOptions {
  /**
   * Asks the next route; gives `undefined` where none is left. Beside one that
   * is being asked, a route that is left alone stays so.
   */
  readonly start: (isAlone: boolean) => Promise<RouteRun | undefined>;
  /** Whether another route may be left. */
  readonly hasNext: () => boolean;
  /** Milliseconds of silence after which the next one is asked too. */
  readonly hedgeAfter: number | null;
  /** Where time comes from. */
  readonly clock: Clock;
  /** Sets an alarm, and gives what stops it. */
  readonly setAlarm: (ms: number, ring: () => void) => () => void;
  /**
   * Is called when a route fails before its first content.
   *
   * @throws What ends the race, where no other route can mend it.
   */
  readonly onFailure: (run: RouteRun, error: unknown) => void;
  /**
   * Gets the routes that were slower than another, and whether they had all the
   * time that a route has alone.
   */
  readonly onLoss: (run: RouteRun, isSlow: boolean) => void;
}

interface Outcome {
  readonly run: RouteRun;
  readonly failure?: { readonly error: unknown };
}

/** A route that has not spoken yet. */
interface Runner {
  readonly startTime: number;
  readonly outcome: Promise<Outcome>;
}

async function toOutcome(run: RouteRun): Promise<Outcome> {
  try {
    await run.readToContent();
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
  { start, hasNext, hedgeAfter, clock, setAlarm, onFailure, onLoss }:
    RaceOptions,
): Promise<RouteRun | undefined> {
  const running = new Map<RouteRun, Runner>();
  async function startNext(): Promise<void> {
    const run = await start(running.size === 0);
    if (run === undefined) return;
    running.set(run, { startTime: clock.now(), outcome: toOutcome(run) });
  }

  /** Waits for a route, or for the time to ask another. */
  async function wait(): Promise<Outcome | undefined> {
    const runners = [...running.values()];
    const outcomes = runners.map(({ outcome }) => outcome);
    if (hedgeAfter === null || !hasNext()) return await Promise.race(outcomes);
    // Where the youngest has failed, the others have had their time.
    const youngest = Math.max(...runners.map(({ startTime }) => startTime));
    const patience = Math.max(0, youngest + hedgeAfter - clock.now());
    let stop: (() => void) | undefined;
    const late = new Promise<undefined>((resolve) => {
      stop = setAlarm(patience, () => resolve(undefined));
    });
    return await Promise.race([...outcomes, late]).finally(() => stop?.());
  }

  let isWon = false;
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
      isWon = failure === undefined;
      if (failure === undefined) return run;
      onFailure(run, failure.error);
    }
  } finally {
    for (const [run, { startTime }] of running) {
      const time = clock.now() - startTime;
      onLoss(run, isWon && time >= (hedgeAfter ?? Infinity));
    }
  }
}
