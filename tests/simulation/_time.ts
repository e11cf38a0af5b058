/**
 * How time passes for those in a world: for an instance whose clock may be
 * wrong, for a caller who reads slowly or leaves, and for what is done outside.
 *
 * @module
 */

import { flush } from "@parley/testing";
import type { Clock } from "../../mod.ts";
import type { CallerPlan } from "./_world.ts";

/** The clock of an instance: its timers are its own, and end with it. */
export class InstanceClock implements Clock {
  readonly #clock: Clock;
  /** When each timer is due. */
  readonly #timers = new Map<unknown, number>();
  /** By how much it is wrong. */
  #skew: number;
  /** Whether it was ever set. */
  hasJumped = false;
  #isDead = false;

  constructor(clock: Clock, skew: number) {
    this.#clock = clock;
    this.#skew = skew;
  }

  /** How many timers are set for later. */
  get timers(): number {
    const now = this.#clock.now();
    return [...this.#timers.values()].filter((due) => due > now).length;
  }

  now(): number {
    return this.#clock.now() + this.#skew;
  }

  setTimeout(callback: () => void, ms: number): unknown {
    if (this.#isDead) return undefined;
    const timer = this.#clock.setTimeout(() => {
      this.#timers.delete(timer);
      callback();
    }, ms);
    this.#timers.set(timer, this.#clock.now() + ms);
    return timer;
  }

  clearTimeout(timer: unknown): void {
    this.#timers.delete(timer);
    this.#clock.clearTimeout(timer);
  }

  /** Sets it; timers take as long as before. */
  jump(ms: number): void {
    this.#skew += ms;
    this.hasJumped = true;
  }

  /** Lets nothing happen any more. */
  die(): void {
    this.#isDead = true;
    for (const timer of this.#timers.keys()) this.clearTimeout(timer);
  }
}

/** When a caller reads, and when it leaves. */
export interface Patience {
  /** Is aborted when the caller leaves. */
  readonly signal: AbortSignal;
  /** What time it is for the caller. */
  now(): number;
  /** Waits before the next read, and gives for how many milliseconds. */
  next(): Promise<number>;
  /** Waits, but not for one who has left. */
  wait(ms: number): Promise<void>;
  /** Lets go of what still waits. */
  end(): void;
}

/** Follows the plan of a caller. */
export function createPatience(
  { pace = 0, pause, leave }: CallerPlan,
  clock: Clock,
): Patience {
  const controller = new AbortController();
  const { signal } = controller;
  const timer = leave &&
    clock.setTimeout(() => controller.abort(new Error("enough")), leave.after);
  let reads = 0;
  let stop = () => {};

  async function wait(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const sleeping = clock.setTimeout(resolve, ms);
      stop = () => {
        clock.clearTimeout(sleeping);
        resolve();
      };
      signal.addEventListener("abort", stop, { once: true });
    });
  }

  return {
    signal,
    now: () => clock.now(),
    wait,
    async next() {
      const ms = pace + (reads++ === pause?.after ? pause.ms : 0);
      if (ms === 0 || signal.aborted) return 0;
      await wait(ms);
      return ms;
    },
    end() {
      clock.clearTimeout(timer);
      stop();
    },
  };
}

/** How often it is looked whether work is done: seconds, unless it waits for time. */
const MAX_LOOKS = 5_000;

/**
 * What is done by others, such as encryption: it takes a time that is no
 * world's, and would end in another order each time.
 */
export class RealWork {
  #last: Promise<unknown> = Promise.resolve();
  #pending = 0;

  /** Does one thing after the other. */
  do<T>(task: () => Promise<T>): Promise<T> {
    this.#pending++;
    const done = this.#last.then(task).finally(() => this.#pending--);
    this.#last = done.catch(() => {});
    return done;
  }

  /** Waits for the end of it, and gives whether there was any. */
  async settle(): Promise<boolean> {
    if (this.#pending === 0) return false;
    for (let looks = 0; this.#pending > 0 && looks < MAX_LOOKS; looks++) {
      await flush();
    }
    return this.#pending === 0;
  }
}
