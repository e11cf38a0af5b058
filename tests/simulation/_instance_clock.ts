import type { Clock } from "../../mod.ts";

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
