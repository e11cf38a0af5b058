/**
 * Keeps the failures of a store from the runs.
 *
 * @module
 */

import { isInTime } from "../core/streams/is_in_time.ts";
import type { Clock } from "../mod.ts";
import type { RouteState, RouteStore } from "./route_state.ts";

/** For how long a store is waited for, in milliseconds. */
const PATIENCE = 1_000;

/** For how long a store is left alone that was too slow, in milliseconds. */
const REST = 10_000;

/**
 * How many turns of promises one in memory takes at most: to wait so long costs
 * less than to set a timer.
 */
const TURNS = 8;

/** A store that neither fails nor holds up, and gives only what is a state. */
export interface GuardedStore {
  /**
   * Reads states.
   *
   * @param keys The keys of routes.
   * @param signal Ends the wait for the store.
   * @returns For each key its state, if it is known.
   */
  get(
    keys: readonly string[],
    signal?: AbortSignal,
  ): Promise<readonly (RouteState | undefined)[]>;
  /**
   * Changes a state.
   *
   * @param key The key of a route.
   * @param change As for {@linkcode RouteStore}.
   * @param signal Ends the wait for the store, which goes on all the same.
   * @returns Whether the store has done so.
   */
  update(
    key: string,
    change: (state: RouteState | undefined) => RouteState | undefined,
    signal?: AbortSignal,
  ): Promise<boolean>;
}

const TIMES = [
  "openUntil",
  "coolDown",
  "probeUntil",
  "firstTokenMs",
  "measuredAt",
] as const;

function isTime(value: unknown): boolean {
  return value === undefined || Number.isFinite(value) && Number(value) >= 0;
}

/** What another version or another program wrote counts as nothing. */
function toState(value: unknown): RouteState | undefined {
  return isState(value) ? value : undefined;
}

function isState(value: unknown): value is RouteState {
  if (typeof value !== "object") return false;
  const fields: { readonly [name: string]: unknown } = { ...value };
  return Number.isSafeInteger(fields.failures) &&
    Number(fields.failures) >= 0 &&
    TIMES.every((name) => isTime(fields[name]));
}

/** Whether a promise is fulfilled before anything else happens. */
async function isAtOnce(promise: Promise<unknown>): Promise<boolean> {
  let isFulfilled = false;
  promise.then(() => {
    isFulfilled = true;
  }, () => {});
  for (let turn = 0; turn < TURNS && !isFulfilled; turn++) await undefined;
  return isFulfilled;
}

/**
 * Guards a store.
 *
 * @param store Any store, also one that fails, hangs or keeps what another
 * version wrote.
 * @param clock Where time comes from.
 */
export function guardStore(store: RouteStore, clock: Clock): GuardedStore {
  let restUntil = 0;

  function isResting(): boolean {
    if (restUntil === 0) return false;
    const left = restUntil - clock.now();
    // Where the clock was set back, it would rest for as long as it was.
    return left > 0 && left <= REST;
  }

  /** Gives `undefined` where the store fails or takes too long. */
  async function ask<T>(
    work: () => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T | undefined> {
    if (isResting()) return undefined;
    const answer = work();
    try {
      if (await isAtOnce(answer)) return await answer;
      if (await isInTime(answer, PATIENCE, clock, signal)) return await answer;
      // One that nobody waits for any more may still be in time.
      if (!signal?.aborted) restUntil = clock.now() + REST;
    } catch {
      // A store that fails knows nothing.
    }
    return undefined;
  }

  return {
    async get(keys, signal) {
      const states = await ask(async () => {
        const kept = await store.get(keys);
        return keys.map((_, index) => toState(kept[index]));
      }, signal);
      return states ?? keys.map(() => undefined);
    },
    async update(key, change, signal) {
      const due = clock.now() + PATIENCE;
      const isDone = await ask(async () => {
        await store.update(
          key,
          // What is decided too late would be about a run that has gone on.
          (state) => clock.now() < due ? change(toState(state)) : undefined,
        );
        return true;
      }, signal);
      return isDone ?? false;
    },
  };
}
