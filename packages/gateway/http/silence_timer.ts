/**
 * What to do where nothing happens.
 *
 * @module
 */

import type { Clock } from "@parley/chat";

/** Options for {@linkcode SilenceTimer}. */
export interface SilenceTimerOptions {
  /** The shortest silence that will be measured, in milliseconds. */
  readonly shortest: number;
  /** Where time comes from. */
  readonly clock: Clock;
  /** Is called each time that a silence has lasted. */
  readonly onSilence: () => void;
}

/**
 * Measures the silences of one stream, one after another.
 *
 * One timer is left to run and looks again when it is due: to set one for each
 * piece of the stream would cost more than the piece.
 */
export class SilenceTimer {
  readonly #options: SilenceTimerOptions;
  #since = 0;
  #length = Infinity;
  #timer: unknown;

  /**
   * Makes a timer, which does not run yet.
   *
   * @param options How long, and what to call.
   */
  constructor(options: SilenceTimerOptions) {
    this.#options = options;
  }

  /**
   * A silence begins, and the one before it is over.
   *
   * @param length After how many milliseconds to call back; `Infinity` is never.
   */
  start(length: number): void {
    this.#since = this.#options.clock.now();
    this.#length = length;
    if (this.#timer === undefined) this.#look(this.#options.shortest);
  }

  /** Stops for good. */
  stop(): void {
    this.#length = Infinity;
    if (this.#timer === undefined) return;
    this.#options.clock.clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #look(ms: number): void {
    if (ms === Infinity) return;
    this.#timer = this.#options.clock.setTimeout(() => this.#check(), ms);
  }

  #check(): void {
    const { clock, shortest, onSilence } = this.#options;
    // A clock may have been set back.
    const passed = Math.max(0, clock.now() - this.#since);
    const left = this.#length - passed;
    this.#look(left > 0 ? Math.min(left, shortest) : shortest);
    if (left > 0) return;
    this.#since = clock.now();
    onSilence();
  }
}
