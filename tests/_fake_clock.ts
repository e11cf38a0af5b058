import type { Clock } from "../core/clocks.ts";

interface Timer {
  readonly due: number;
  readonly callback: () => void;
}

/** A clock that stands still until it is told to go on. */
export class FakeClock implements Clock {
  readonly #timers = new Map<number, Timer>();
  #now: number;
  #lastTimer = 0;

  constructor(now = Date.UTC(2026, 0, 1)) {
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

  now(): number {
    return this.#now;
  }

  setTimeout(callback: () => void, ms: number): number {
    this.#timers.set(++this.#lastTimer, { due: this.#now + ms, callback });
    return this.#lastTimer;
  }

  clearTimeout(timer: unknown): void {
    this.#timers.delete(timer as number);
  }

  /** Lets time pass, and everything that comes of it happen. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await flush();
    for (;;) {
      const next = [...this.#timers].filter(([, { due }]) => due <= end)
        .sort(([, a], [, b]) => a.due - b.due)[0];
      if (next === undefined) break;
      const [timer, { due, callback }] = next;
      this.#timers.delete(timer);
      this.#now = Math.max(this.#now, due);
      callback();
      await flush();
    }
    this.#now = end;
  }
}

/** Lets every promise settle that can without time passing. */
export async function flush(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve));
}
