/**
 * How many requests come with one key in a minute, here or at all instances.
 *
 * @module
 */

import type { Clock } from "@parley/chat";
import type { RouteStore } from "@parley/chat/failover";
import { isInTime } from "@parley/chat/provider";
import type { Lifetime } from "./lifetime.ts";
import { MINUTE, MinuteWindow } from "./minute_window.ts";

/** Whether one more request is let in. Times are in milliseconds. */
export interface Count {
  /** How long to wait where it is not, else 0. */
  readonly wait: number;
  /** How many more are let in. */
  readonly remaining: number;
  /** How long until nothing of this counts any more. */
  readonly reset: number;
}

/**
 * Counts one more request.
 *
 * @param lifetime The request: who has left is waited for no longer.
 */
export type RequestCounter = (
  lifetime?: Pick<Lifetime, "signal">,
) => Count | Promise<Count>;

/** Options for {@linkcode createOwnCounter}. */
export interface OwnCounterOptions {
  /** The most requests in a minute. */
  readonly limit: number;
  /** Where time comes from. */
  readonly clock: Clock;
}

/**
 * Makes a counter of what comes here, in any minute.
 *
 * @param options How many are let in.
 */
export function createOwnCounter(
  { limit, clock }: OwnCounterOptions,
): () => Count {
  const window = new MinuteWindow(limit);
  return () => {
    const now = clock.now();
    const wait = window.take(now);
    return { wait, remaining: window.remaining, reset: window.toReset(now) };
  };
}

/** Options for {@linkcode createSharedCounter}. */
export interface SharedCounterOptions extends OwnCounterOptions {
  /** Where all instances count. */
  readonly store: RouteStore;
  /** Stands for the API key. */
  readonly keyId: string;
}

/** For how long a store is waited for, in milliseconds. */
const PATIENCE = 2_000;

/** In how many parts. */
const PARTS = 4;

/** After how many milliseconds a store has failed, and is left alone as long. */
const REST = 10_000;

/** Requests of a minute that are counted together. */
interface Batch {
  readonly minute: number;
  /** How many they are. */
  size: number;
}

function readRequests(state: unknown): number {
  const requests = typeof state === "object" && state !== null &&
    Reflect.get(state, "requests");
  return Number.isSafeInteger(requests) ? Math.max(0, Number(requests)) : 0;
}

/**
 * Makes a counter of what comes to all instances, in each minute of the clock.
 *
 * What comes while the store is asked is counted together by the next change:
 * instances rival for an entry, not requests. Each minute has an entry of its
 * own, so that a clock that is wrong keeps nobody else waiting.
 *
 * @param options How many are let in, and where they are counted. While the
 * store fails or is slow, what comes here alone counts; a slow one is told all the
 * same, and what it says is heeded as soon as it is known.
 */
export function createSharedCounter(
  { store, keyId, limit, clock }: SharedCounterOptions,
): (...args: Parameters<RequestCounter>) => Promise<Count> {
  const countOwn = createOwnCounter({ limit, clock });
  let batch: Batch | undefined;
  /** How many there were before the last batch; `undefined` where nobody knows. */
  let last: Promise<number | undefined> = Promise.resolve(undefined);
  /** The same, however long the store takes for it. */
  let change = last;
  let isSlow = false;
  let failedAt = -Infinity;
  let fullMinute: number | undefined;

  function isLeftAlone(now: number): boolean {
    return now >= failedAt && now < failedAt + REST;
  }

  async function add(minute: number, size: number): Promise<number> {
    let before = 0;
    await store.update(`requests ${keyId} ${minute}`, (state) => {
      before = readRequests(state);
      const requests = Math.min(limit, before + size);
      return requests > before ? { requests } : undefined;
    });
    return before;
  }

  /**
   * Waits for the store: in parts, for where the program itself is so busy that
   * one of them is over late, what the store has said is heard in the next.
   */
  async function isSoon(step: Promise<unknown>): Promise<boolean> {
    for (let part = 0; part < PARTS; part++) {
      if (await isInTime(step, PATIENCE / PARTS, clock)) return true;
    }
    return false;
  }

  async function send({ minute, size }: Batch): Promise<number | undefined> {
    const start = clock.now();
    if (isLeftAlone(start)) return undefined;
    try {
      const adding = add(minute, size);
      if (await isInTime(adding, REST, clock)) {
        const before = await adding;
        isSlow = clock.now() - start > PATIENCE;
        if (before + size >= limit) fullMinute = minute;
        return before;
      }
    } catch {
      // It counts as one that does not answer.
    }
    isSlow = false;
    failedAt = clock.now();
    return undefined;
  }

  function open(minute: number): Batch {
    const opened: Batch = { minute, size: 0 };
    const begun = change;
    const sent = begun.then(() => {
      if (batch === opened) batch = undefined;
      return send(opened);
    });
    async function wait(): Promise<number | undefined> {
      if (await isSoon(begun) && await isSoon(sent)) return await sent;
      isSlow = true;
      return undefined;
    }
    change = sent;
    last = wait();
    return opened;
  }

  return async (lifetime) => {
    const now = clock.now();
    const minute = Math.floor(now / MINUTE);
    const reset = (minute + 1) * MINUTE - now;
    const refused = { wait: reset, remaining: 0, reset };
    if (minute === fullMinute) return refused;
    const own = countOwn();
    if (isLeftAlone(now)) return own;
    if (batch?.minute !== minute) batch = open(minute);
    const place = batch.size++;
    if (isSlow) return own;
    const counted = last;
    const isKnown = await isInTime(counted, null, clock, lifetime?.signal);
    const before = isKnown ? await counted : undefined;
    if (before === undefined) return own;
    const remaining = limit - before - place - 1;
    if (remaining >= 0) return { wait: 0, remaining, reset };
    fullMinute = minute;
    return refused;
  };
}
