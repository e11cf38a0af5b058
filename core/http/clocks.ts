/**
 * The clocks of one run.
 *
 * @module
 */

import { abortable } from "../streams/abortable.ts";
import type { Clock } from "../streams/clock.ts";
import type { TimeoutPhase } from "../chat/error_code.ts";
import { NOTHING } from "../streams/values.ts";

/** The limits of the clocks in milliseconds; `null` is none. */
export interface ClockLimits {
  readonly headers: number | null;
  readonly firstToken: number | null;
  readonly idle: number | null;
  readonly total: number | null;
}

/** Limits that leave out all clocks but `total`. */
export const TOTAL_ONLY = {
  headers: null,
  firstToken: null,
  idle: null,
} as const;

/** Gets the clock that ran out, and after how many milliseconds. */
export type OnTimeout = (phase: TimeoutPhase, ms: number) => void;

/**
 * After how many milliseconds it is looked at the clocks for the first time:
 * what starts after `total` and takes longer needs no timer of its own.
 */
const FIRST_LOOK = 10_000;

/** What is called at a time. */
interface Alarm {
  readonly at: number;
  readonly ring: () => void;
}

/**
 * Watches one run. Only time in which the run waits for the upstream counts as
 * silence; time that the reader takes between two reads does not.
 *
 * All clocks have one timer, which is left to fire too early and to look again:
 * to set one for each request and each network piece would cost more than these.
 */
export class Clocks {
  readonly #clock: Clock;
  readonly #limits: ClockLimits;
  readonly #onTimeout: OnTimeout;
  /** All but that of silence, which ends with each piece. */
  #alarms: readonly Alarm[] = NOTHING;
  #timer: unknown;
  #timerAt = Infinity;
  #waitingSince = Infinity;
  #waited = 0;
  #hasContent = false;
  #leaveRest: (() => void) | undefined;

  /**
   * Makes the clocks of one run.
   *
   * @param clock Where time comes from.
   * @param limits When each runs out.
   * @param onTimeout Is called when one runs out.
   */
  constructor(clock: Clock, limits: ClockLimits, onTimeout: OnTimeout) {
    this.#clock = clock;
    this.#limits = limits;
    this.#onTimeout = onTimeout;
  }

  /** The longest silence between two pieces of content. */
  get idle(): number | null {
    return this.#limits.idle;
  }

  /**
   * Starts a clock.
   *
   * @param phase Which one.
   * @returns Stops it.
   */
  start(phase: "headers" | "total"): () => void {
    const limit = this.#limits[phase];
    return limit === null
      ? () => {}
      : this.setAlarm(limit, () => this.#end(phase, limit));
  }

  /** Starts anew to wait for a first token. */
  startAttempt(): void {
    this.#leaveRest = undefined;
    this.#hasContent = false;
    this.#waited = 0;
  }

  /**
   * Sets an alarm, which costs no timer while one is set that fires before it.
   *
   * @param ms Milliseconds.
   * @param ring Is called after them.
   * @returns Stops it.
   */
  setAlarm(ms: number, ring: () => void): () => void {
    const now = this.#clock.now();
    const alarm: Alarm = { at: now + ms, ring };
    this.#alarms = this.#alarms.concat(alarm);
    this.#watch(now + Math.min(ms, FIRST_LOOK), now);
    return () => {
      this.#alarms = this.#alarms.filter((other) => other !== alarm);
      if (this.#alarms.length > 0 || this.#waitingSince < Infinity) return;
      this.#clear();
    };
  }

  /** The run waits for the upstream from now on, unless it does already. */
  wait(): void {
    const now = this.#clock.now();
    this.#waitingSince = Math.min(this.#waitingSince, now);
    this.#watch(this.#toSilenceEnd(), now);
  }

  /**
   * Something came from the upstream.
   *
   * @param isContent Whether it was content; anything else leaves it silent.
   */
  receive(isContent: boolean): void {
    if (isContent) {
      this.#hasContent = true;
      this.#waited = 0;
    } else if (this.#waitingSince < Infinity) {
      this.#waited += this.#clock.now() - this.#waitingSince;
    }
    this.#waitingSince = Infinity;
  }

  /** Content is on its way, though the run still waits for the whole of it. */
  progress(): void {
    this.receive(true);
    this.wait();
  }

  /**
   * The answer is whole: silence is of no account any more, and where the clock
   * `total` runs out, only the rest of the body is left.
   *
   * @param leaveRest Leaves the rest.
   */
  settle(leaveRest: () => void): void {
    this.#leaveRest = leaveRest;
  }

  /**
   * Waits.
   *
   * @param ms Milliseconds.
   * @param signal Ends the wait with its reason.
   */
  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    let timer: unknown;
    const elapsed = new Promise<void>((resolve) => {
      timer = this.#clock.setTimeout(resolve, ms);
    });
    await abortable(elapsed, signal)
      .finally(() => this.#clock.clearTimeout(timer));
  }

  /** Stops every clock. */
  stop(): void {
    this.#alarms = NOTHING;
    this.#waitingSince = Infinity;
    this.#clear();
  }

  /** The limit of the silence that there is. */
  #toSilenceLimit(): number {
    const { idle, firstToken } = this.#limits;
    const limit = this.#hasContent ? idle : firstToken;
    return this.#leaveRest ? Infinity : limit ?? Infinity;
  }

  /** When it is too long. */
  #toSilenceEnd(): number {
    return this.#waitingSince + this.#toSilenceLimit() - this.#waited;
  }

  /** Looks at the clocks no later than then. */
  #watch(at: number, now: number): void {
    if (at >= this.#timerAt) return;
    this.#clear();
    this.#timerAt = at;
    const ms = Math.max(0, at - now);
    this.#timer = this.#clock.setTimeout(() => this.#look(), ms);
  }

  #clear(): void {
    if (this.#timerAt < Infinity) this.#clock.clearTimeout(this.#timer);
    this.#timerAt = Infinity;
  }

  /** Calls for the clock that has run out, and waits for the next. */
  #look(): void {
    const now = this.#clock.now();
    const over = this.#alarms.find(({ at }) => at <= now);
    // Where silence is not the only one, the other says more.
    const isSilent = !over && this.#toSilenceEnd() <= now;
    if (isSilent) this.#waitingSince = Infinity;
    this.#alarms = this.#alarms.filter((alarm) => alarm !== over);
    this.#timerAt = Infinity;
    const next = this.#alarms.map(({ at }) => at);
    this.#watch(Math.min(this.#toSilenceEnd(), ...next), now);
    over?.ring();
    if (isSilent) {
      const phase = this.#hasContent ? "idle" : "first-token";
      this.#end(phase, this.#toSilenceLimit());
    }
  }

  #end(phase: TimeoutPhase, limit: number): void {
    if (this.#leaveRest !== undefined) this.#leaveRest();
    else this.#onTimeout(phase, limit);
  }
}
