import type { Clock } from "@parley/chat";
import { isReading } from "./upstreams/_reading.ts";

interface Timer {
  readonly due: number;
  readonly callback: () => void;
}

/**
 * A clock that stands still until it is moved on: with it as the option
 * `clock` of a provider, a minute of back-off takes no time, and what is still
 * waiting can be seen.
 *
 * @example Usage
 * ```ts
 * import { FakeClock } from "@parley/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const clock = new FakeClock();
 * const start = clock.now();
 * clock.setTimeout(() => {}, 60_000);
 *
 * assertEquals(clock.waits, [60_000]);
 * await clock.advance(60_000);
 * assertEquals(clock.waits, []);
 * assertEquals(clock.now(), start + 60_000);
 * ```
 */
export class FakeClock implements Clock {
  readonly #timers = new Map<number, Timer>();
  #now: number;
  #lastTimer = 0;

  /**
   * Makes a clock.
   *
   * @param now The time that it shows, in milliseconds since
   * 1970-01-01T00:00:00Z; without it 2026 begins.
   */
  constructor(now: number = Date.UTC(2026, 0, 1)) {
    this.#now = now;
  }

  /** How many timers are set. */
  get timers(): number {
    return this.#timers.size;
  }

  /** Milliseconds until each timer that is set, the next one first. */
  get waits(): readonly number[] {
    return [...this.#timers.values()].map(({ due }) => due - this.#now)
      .sort((a, b) => a - b);
  }

  /** The time that it shows, in milliseconds since 1970-01-01T00:00:00Z. */
  now(): number {
    return this.#now;
  }

  /**
   * Sets a timer.
   *
   * @param callback Is called once, by {@linkcode FakeClock.advance}.
   * @param ms Milliseconds.
   * @returns The timer.
   */
  setTimeout(callback: () => void, ms: number): number {
    this.#timers.set(++this.#lastTimer, { due: this.#now + ms, callback });
    return this.#lastTimer;
  }

  /**
   * Takes a timer back.
   *
   * @param timer The timer.
   */
  clearTimeout(timer: unknown): void {
    this.#timers.delete(timer as number);
  }

  /**
   * Lets time pass, and everything that comes of it happen.
   *
   * @param ms Milliseconds.
   */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await flushPromises();
    for (;;) {
      const next = [...this.#timers].filter(([, { due }]) => due <= end)
        .sort(([, a], [, b]) => a.due - b.due)[0];
      if (next === undefined) break;
      const [timer, { due, callback }] = next;
      this.#timers.delete(timer);
      this.#now = Math.max(this.#now, due);
      callback();
      await flushPromises();
    }
    this.#now = end;
  }

  /**
   * Jumps from one timer to the next until a promise settles.
   *
   * @param promise The promise.
   * @param onWait Gets each wait that is skipped, in milliseconds.
   * @returns What it is fulfilled with; it rejects as the promise does.
   * @throws {Error} If it waits for something other than time.
   */
  async skipWaits<T>(
    promise: Promise<T>,
    onWait: (ms: number) => void = () => {},
  ): Promise<T> {
    let isSettled = false;
    const settled = promise.finally(() => isSettled = true);
    settled.catch(() => {});
    for (let idle = 0; !isSettled; idle++) {
      if (idle > 200) throw new Error("The promise does not settle");
      await flushPromises();
      if (isSettled) break;
      await flush();
      const [wait] = this.waits;
      if (isSettled || wait === undefined) continue;
      onWait(wait);
      await this.advance(wait);
      idle = 0;
    }
    return await settled;
  }
}

/** What is faster than a timer, and not everywhere. */
const { setImmediate } = globalThis as {
  readonly setImmediate?: (callback: () => void) => unknown;
};

/** A page reads bodies in another process, and then there are some turns more. */
const TURNS = "process" in globalThis ? 0 : 5;

/** As {@linkcode flush}, for what waits for nothing but promises: faster. */
async function flushPromises(): Promise<void> {
  if (setImmediate !== undefined) {
    return await new Promise((resolve) => setImmediate(resolve));
  }
  const { port1, port2 } = new MessageChannel();
  await new Promise((resolve) => {
    port1.onmessage = resolve;
    port2.postMessage(undefined);
  });
  port1.close();
  port2.close();
  for (let turn = 0; turn < TURNS; turn++) {
    await flush();
    while (isReading()) await flush();
  }
}

/**
 * Lets every promise settle that can without time passing.
 *
 * @example Usage
 * ```ts
 * import { flush } from "@parley/testing";
 * import { assert } from "@std/assert";
 *
 * let isSettled = false;
 * Promise.resolve().then(() => isSettled = true);
 * await flush();
 *
 * assert(isSettled);
 * ```
 */
export async function flush(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve));
}
