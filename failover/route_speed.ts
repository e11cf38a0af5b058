/**
 * How fast routes are, as far as that is still true.
 *
 * @module
 */

import type { RouteState } from "./route_state.ts";

/** What is known of the speed of a route. */
export type RouteSpeed = Pick<RouteState, "firstTokenMs" | "measuredAt">;

/** How much of a fresh average one measurement makes up. */
const WEIGHT = 0.3;

/** After how many milliseconds a measurement counts for half. */
const HALF_LIFE = 60_000;

/** A change of the average that is worth writing down. */
const MIN_CHANGE = 0.1;

/** How old, in milliseconds, the last measurement that is written down may be. */
const MAX_AGE = HALF_LIFE / 4;

/** How much is left of a measurement: 1 of a fresh one, 0 of a very old one. */
function toFreshness({ measuredAt }: RouteSpeed, now: number): number {
  // What a clock measured that has gone back since is fresh.
  const age = Math.max(0, now - (measuredAt ?? now));
  return 2 ** (-age / HALF_LIFE);
}

/**
 * Finds the route that is to be tried first: the one of the least rank. What was
 * measured long ago counts for less and less, so that a slow route is tried again
 * now and then; one that was never measured is tried first.
 *
 * @param speed What is known of a route.
 * @param now The time.
 */
export function toSpeedRank(speed: RouteSpeed, now: number): number {
  const { firstTokenMs } = speed;
  return firstTokenMs === undefined
    ? -1
    : firstTokenMs * toFreshness(speed, now);
}

/**
 * Adds a measurement to what is known. The older that is, the less it counts.
 *
 * @param speed What is known.
 * @param firstTokenMs What was measured.
 * @param now The time.
 * @returns What is known then; `undefined` where that is nearly the same.
 */
export function toMeasured(
  speed: RouteSpeed | undefined,
  firstTokenMs: number | undefined,
  now: number,
): RouteSpeed | undefined {
  if (
    firstTokenMs === undefined ||
    !(firstTokenMs >= 0 && firstTokenMs < Infinity)
  ) return undefined;
  const { firstTokenMs: average, measuredAt = 0 } = speed ?? {};
  if (speed === undefined || average === undefined) {
    return { firstTokenMs, measuredAt: now };
  }
  const kept = (1 - WEIGHT) * toFreshness(speed, now);
  const moved = firstTokenMs + kept * (average - firstTokenMs);
  return Math.abs(moved - average) > MIN_CHANGE * average ||
      now - measuredAt > MAX_AGE
    ? { firstTokenMs: moved, measuredAt: now }
    : undefined;
}
