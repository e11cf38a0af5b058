/**
 * The clocks of one run.
 *
 * @module
 */

import { abortable } from "./abortable.ts";
import type { TimeoutPhase } from "./errors.ts";

/** Where a run takes its time from; tests put their own in its place. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z; never goes back. */
  now(): number;
  /** Calls back once, after so many milliseconds. */
  setTimeout(callback: () => void, ms: number): unknown;
  /** Takes a timer back. */
  clearTimeout(timer: unknown): void;
}

/** The clock of the machine. */
export const SYSTEM_CLOCK: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  setTimeout: (callback, ms) => setTimeout(callback, ms),
  clearTimeout: (timer) => clearTimeout(timer as number),
};

/** The limits of the clocks in milliseconds; `null` is none. */
export interface ClockLimits {
  readonly headers: number | null;
  readonly firstToken: number | null;
  readonly idle: number | null;
  readonly total: number | null;
}

/** Is told which clock ran out, and after how many milliseconds. */
export type OnTimeout = (phase: TimeoutPhase, ms: number) => void;

/**
 * Watches one run. Only time in which the run waits for the upstream counts as
 * silence; time that the reader takes between two reads does not.
 */
export class Clocks {
  readonly #clock: Clock;
  readonly #limits: ClockLimits;
  readonly #onTimeout: OnTimeout;
  readonly #timers = new Set<unknown>();
  #silenceTimer: unknown;
  #silenceDue = 0;
  #waitingSince: number | undefined;
  #waited = 0;
  #spoke = false;
  #settled = false;

  constructor(clock: Clock, limits: ClockLimits, onTimeout: OnTimeout) {
    this.#clock = clock;
    this.#limits = limits;
    this.#onTimeout = onTimeout;
  }

  /** Starts the clock `total`. */
  startRun(): void {
    this.#start("total", this.#limits.total);
  }

  /** Starts anew to wait for a first token. */
  startAttempt(): void {
    this.#spoke = false;
    this.#waited = 0;
  }

  /**
   * Starts the clock `headers`.
   *
   * @returns Stops it.
   */
  startHeaders(): () => void {
    return this.#start("headers", this.#limits.headers);
  }

  /** The run waits for the upstream from now on. */
  wait(): void {
    const limit = this.#limit();
    this.#waitingSince = this.#clock.now();
    if (limit === null) return;
    const due = this.#waitingSince + limit - this.#waited;
    // A timer that is due earlier is left to fire and to look again: to set one
    // for each network piece would cost more than the piece.
    if (this.#silenceTimer !== undefined && this.#silenceDue <= due) return;
    this.#armSilence(due);
  }

  /**
   * The upstream said something.
   *
   * @param isContent Whether it was content; anything else leaves it silent.
   */
  hear(isContent: boolean): void {
    const now = this.#clock.now();
    if (this.#waitingSince !== undefined) {
      this.#waited += now - this.#waitingSince;
      this.#waitingSince = undefined;
    }
    if (!isContent) return;
    this.#spoke = true;
    this.#waited = 0;
  }

  /** Content is on its way, though the run still waits for the whole of it. */
  progress(): void {
    this.hear(true);
    this.wait();
  }

  /** The answer is whole: silence is of no account any more. */
  settle(): void {
    this.#settled = true;
    this.#clearSilence();
  }

  /**
   * Waits.
   *
   * @param ms Milliseconds.
   * @param signal Ends the wait with its reason.
   */
  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    let stop = () => {};
    const elapsed = new Promise<void>((resolve) => {
      stop = this.#startTimer(ms, resolve);
    });
    await abortable(elapsed, signal).finally(stop);
  }

  /** Stops every clock. */
  stop(): void {
    this.#clearSilence();
    for (const timer of this.#timers) this.#clock.clearTimeout(timer);
    this.#timers.clear();
  }

  #limit(): number | null {
    if (this.#settled) return null;
    return this.#spoke ? this.#limits.idle : this.#limits.firstToken;
  }

  #armSilence(due: number): void {
    this.#clearSilence();
    this.#silenceDue = due;
    this.#silenceTimer = this.#clock.setTimeout(
      this.#checkSilence,
      Math.max(0, due - this.#clock.now()),
    );
  }

  readonly #checkSilence = (): void => {
    this.#silenceTimer = undefined;
    const limit = this.#limit();
    if (this.#waitingSince === undefined || limit === null) return;
    const due = this.#waitingSince + limit - this.#waited;
    if (this.#clock.now() < due) this.#armSilence(due);
    else this.#onTimeout(this.#spoke ? "idle" : "first-token", limit);
  };

  #clearSilence(): void {
    this.#clock.clearTimeout(this.#silenceTimer);
    this.#silenceTimer = undefined;
  }

  #start(phase: TimeoutPhase, limit: number | null): () => void {
    if (limit === null) return () => {};
    return this.#startTimer(limit, () => this.#onTimeout(phase, limit));
  }

  #startTimer(ms: number, callback: () => void): () => void {
    const timer = this.#clock.setTimeout(() => {
      this.#timers.delete(timer);
      callback();
    }, ms);
    this.#timers.add(timer);
    return () => {
      this.#timers.delete(timer);
      this.#clock.clearTimeout(timer);
    };
  }
}
