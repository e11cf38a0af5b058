import type { Clock } from "../../mod.ts";

/** The clock of an instance: its timers are its own, and end with it. */
export class InstanceClock implements Clock {
  readonly #clock: Clock;
  /** When each timer is due. */
  readonly #timers = new Map<unknown, number>();
  /** By how much it is wrong. */
  readonly #skew: number;
  #isDead = false;

  constructor(clock: Clock, skew: number) {
    this.#clock = clock;
    this.#skew = skew;
  }

  /** How many timers are set for later. */
  get timers(): number {
    const now = this.now();
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
    this.#timers.set(timer, this.now() + ms);
    return timer;
  }

  clearTimeout(timer: unknown): void {
    this.#timers.delete(timer);
    this.#clock.clearTimeout(timer);
  }

  /** Lets nothing happen any more. */
  die(): void {
    this.#isDead = true;
    for (const timer of this.#timers.keys()) this.clearTimeout(timer);
  }
}
