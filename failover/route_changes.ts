/**
 * What becomes of the state of a route: each change takes what is known and
 * gives what is known after it, or `undefined` where that is the same.
 *
 * What began before a route opened says nothing of it any more, so only a probe
 * closes an open route or opens it anew.
 *
 * @module
 */

import type { RouteState } from "./route_state.ts";
import { type RouteSpeed, toMeasured } from "./route_speed.ts";

/** When routes open, and for how long; times are in milliseconds. */
export interface BreakerLimits {
  /** How many failures in a row open a route. */
  readonly failures: number;
  /** For how long it is open at first. */
  readonly coolDown: number;
  /** For how long it is open at most, unless it asks for more. */
  readonly maxCoolDown: number;
  /** When a claimed probe lapses. */
  readonly probeTime: number;
}

/** The longest time for which a route is open because it asks for it. */
export const MAX_RETRY_AFTER = 600_000;

/** By how much the clocks of two machines may differ. */
const MAX_SKEW = 60_000;

/**
 * Whether a time is still to come. One that is too far away was set by a clock
 * that has gone back since: it is over, or a route would be stuck.
 */
function isAhead(time: number, longest: number, now: number): boolean {
  return now < time && time <= now + longest + MAX_SKEW;
}

/**
 * Whether an open route may be probed: its cool-down is over, and nobody else
 * probes it.
 *
 * @param state What is known of the route.
 * @param limits The limits.
 * @param now The time.
 */
export function isDue(
  { openUntil, probeUntil }: RouteState,
  { maxCoolDown, probeTime }: BreakerLimits,
  now: number,
): boolean {
  return openUntil !== undefined &&
    !isAhead(openUntil, Math.max(maxCoolDown, MAX_RETRY_AFTER), now) &&
    !(probeUntil !== undefined && isAhead(probeUntil, probeTime, now));
}

/** A closed route, of which nothing but its speed is remembered. */
function toClosed(failures: number, speed: RouteSpeed = {}): RouteState {
  const { firstTokenMs, measuredAt } = speed;
  return {
    failures,
    ...(firstTokenMs !== undefined && { firstTokenMs }),
    ...(measuredAt !== undefined && { measuredAt }),
  };
}

/**
 * A run over a route went well.
 *
 * @param state What was known.
 * @param isProbe Whether it probed the route.
 * @param firstTokenMs How long its first token took, in milliseconds.
 * @param now The time.
 */
export function toSucceeded(
  state: RouteState | undefined,
  isProbe: boolean,
  firstTokenMs: number | undefined,
  now: number,
): RouteState | undefined {
  const measured = toMeasured(state, firstTokenMs, now);
  const isOpen = state?.openUntil !== undefined;
  if (isOpen && !isProbe) return measured && { ...state, ...measured };
  const isMended = isOpen || (state?.failures ?? 0) > 0;
  return isMended || measured !== undefined
    ? toClosed(0, measured ?? state)
    : undefined;
}

/** What is recorded of a run that failed. */
export interface RouteFailure {
  /** The claim of the probe that failed, if it was one. */
  readonly probe?: number | undefined;
  /** For how long the upstream asks to be left alone, in milliseconds. */
  readonly retryAfter?: number | undefined;
}

/**
 * A run over a route failed.
 *
 * @param state What was known.
 * @param failure What is recorded of it.
 * @param limits The limits.
 * @param now The time.
 */
export function toFailed(
  state: RouteState | undefined,
  { probe, retryAfter = 0 }: RouteFailure,
  limits: BreakerLimits,
  now: number,
): RouteState | undefined {
  const openUntil = state?.openUntil;
  const failures = (state?.failures ?? 0) + 1;
  // One that is not a number asks for nothing.
  const wait = retryAfter > 0 ? Math.min(retryAfter, MAX_RETRY_AFTER) : 0;

  function open(wanted: number): RouteState {
    const coolDown = Math.min(wanted, limits.maxCoolDown);
    return {
      ...toClosed(failures, state),
      openUntil: now + Math.max(coolDown, wait),
      coolDown,
    };
  }

  if (openUntil === undefined) {
    return failures >= limits.failures || wait > limits.coolDown
      ? open(limits.coolDown)
      : toClosed(failures, state);
  }
  if (probe !== undefined && probe === state?.probeUntil) {
    return open(2 * (state.coolDown ?? limits.coolDown));
  }
  return state !== undefined && wait > 0 && now + wait > openUntil
    ? { ...state, openUntil: now + wait }
    : undefined;
}

/**
 * A probe counts for nothing: the route may be probed again.
 *
 * @param state What was known.
 * @param probe The claim of the probe.
 */
export function toReleased(
  state: RouteState | undefined,
  probe: number,
): RouteState | undefined {
  if (state?.probeUntil !== probe) return undefined;
  const { probeUntil: _, ...rest } = state;
  return rest;
}
