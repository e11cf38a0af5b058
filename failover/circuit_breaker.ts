/**
 * Leaves routes alone that fail.
 *
 * @module
 */

import type { Writable } from "../core/streams/writable.ts";
import type { Clock } from "../mod.ts";
import { guardStore } from "./guarded_store.ts";
import {
  type BreakerLimits,
  isDue,
  type RouteFailure,
  toFailed,
  toReleased,
  toSucceeded,
} from "./route_changes.ts";
import type { RouteState, RouteStore } from "./route_state.ts";

/** When a route is left alone, and for how long; times are in milliseconds. */
export interface BreakerOptions {
  /**
   * How many failures in a row open a route: it is not asked any more.
   *
   * @default {3}
   */
  readonly failures?: number | undefined;
  /**
   * How long until an open route is probed by one run; doubled each time that
   * the probe fails.
   *
   * @default {5_000}
   */
  readonly coolDown?: number | undefined;
  /**
   * The longest cool-down. Only an upstream that asks for more with
   * `Retry-After` is left alone for longer: at most ten minutes.
   *
   * @default {10_000}
   */
  readonly maxCoolDown?: number | undefined;
  /**
   * How long until another run may probe where one has begun to and is not
   * heard of again.
   *
   * @default {60_000}
   */
  readonly probeTime?: number | undefined;
}

/** Whether a route may be asked. */
export interface Look {
  /** The key of the route. */
  readonly key: string;
  /** Whether it is left alone, as it failed. */
  readonly isOpen: boolean;
  /** Whether it is open but may be probed, by who claims it. */
  readonly isDue: boolean;
  /** When its cool-down is over, in milliseconds since 1970. */
  readonly openUntil?: number;
  /** Milliseconds to its first token, a moving average. */
  readonly firstTokenMs?: number;
  /** When that was last measured, in milliseconds since 1970. */
  readonly measuredAt?: number;
}

/** What is recorded of a run that went well. */
export interface RouteSuccess {
  /** What {@linkcode CircuitBreaker.claimProbe} gave, if it was a probe. */
  readonly probe?: number | undefined;
  /** Milliseconds to its first token. */
  readonly firstTokenMs?: number | undefined;
}

/**
 * Knows which routes fail. No method rejects, and none takes longer than a
 * second: what the store does not know counts as closed, and what it does not
 * take is lost.
 */
export interface CircuitBreaker {
  /**
   * Finds which routes may be asked, and changes nothing.
   *
   * @param keys The keys of routes.
   * @returns One for each key, in their order.
   */
  look(keys: readonly string[]): Promise<readonly Look[]>;
  /**
   * Claims the one probe of a route that is due: of all runs in all isolates
   * that share the store one gets it. It must tell what became of it by
   * `succeed`, `fail` or `release`.
   *
   * @param key The key of the route.
   * @returns The claim, or `undefined` where the route must not be asked. One
   * that has closed meanwhile, or which the store does not know, may be.
   */
  claimProbe(key: string): Promise<number | undefined>;
  /**
   * A run went well: a probe closes the route. Any other closes nothing, as it
   * may have begun before the route opened. Where nothing changes, nothing is
   * written.
   *
   * @param key The key of the route.
   * @param success What is recorded of it.
   */
  succeed(key: string, success?: RouteSuccess): Promise<void>;
  /**
   * A run failed: opens the route after so many, at once after a probe or
   * where the upstream asks to be left alone for longer than the cool-down.
   *
   * @param key The key of the route.
   * @param failure What is recorded of it.
   */
  fail(key: string, failure?: RouteFailure): Promise<void>;
  /**
   * A probe neither went well nor failed, as its caller left: the next run may
   * probe.
   *
   * @param key The key of the route.
   * @param probe What {@linkcode CircuitBreaker.claimProbe} gave.
   */
  release(key: string, probe: number): Promise<void>;
  /**
   * Makes one that does not wait for the store once a run is over.
   *
   * @param signal Is aborted when the run is.
   */
  during(signal: AbortSignal): CircuitBreaker;
}

/**
 * Makes a circuit breaker.
 *
 * @param store Keeps what is known of the routes.
 * @param options The limits, and where time comes from.
 */
export function createCircuitBreaker(
  store: RouteStore,
  options: BreakerOptions & { readonly clock: Clock },
): CircuitBreaker {
  const { clock } = options;
  const limits: BreakerLimits = {
    failures: options.failures ?? 3,
    coolDown: options.coolDown ?? 5_000,
    maxCoolDown: options.maxCoolDown ?? 10_000,
    probeTime: options.probeTime ?? 60_000,
  };
  const guarded = guardStore(store, clock);

  function toLook(key: string, state: RouteState | undefined): Look {
    if (state === undefined) return { key, isOpen: false, isDue: false };
    const { openUntil, firstTokenMs, measuredAt } = state;
    const look: Writable<Look> = {
      key,
      isOpen: openUntil !== undefined,
      isDue: isDue(state, limits, clock.now()),
    };
    if (openUntil !== undefined) look.openUntil = openUntil;
    if (firstTokenMs !== undefined) look.firstTokenMs = firstTokenMs;
    if (measuredAt !== undefined) look.measuredAt = measuredAt;
    return look;
  }

  const create = (signal?: AbortSignal): CircuitBreaker => ({
    async look(keys) {
      const states = await guarded.get(keys, signal);
      return keys.map((key, index) => toLook(key, states[index]));
    },
    async claimProbe(key) {
      let mayAsk = true;
      // Whoever is gone when it is granted can still give it back.
      const probe = clock.now() + limits.probeTime;
      await guarded.update(key, (state) => {
        const isOpen = state?.openUntil !== undefined;
        mayAsk = !isOpen || isDue(state, limits, clock.now());
        return isOpen && mayAsk ? { ...state, probeUntil: probe } : undefined;
      }, signal);
      return mayAsk ? probe : undefined;
    },
    async succeed(key, { probe, firstTokenMs } = {}) {
      await guarded.update(
        key,
        (state) =>
          toSucceeded(state, probe !== undefined, firstTokenMs, clock.now()),
        signal,
      );
    },
    async fail(key, failure = {}) {
      await guarded.update(
        key,
        (state) => toFailed(state, failure, limits, clock.now()),
        signal,
      );
    },
    async release(key, probe) {
      await guarded.update(key, (state) => toReleased(state, probe), signal);
    },
    during: create,
  });
  return create();
}
