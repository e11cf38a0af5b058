/**
 * The clocks of one run.
 *
 * @module
 */

import { abortable } from "../streams/abortable.ts";
import type { Clock } from "../streams/clock.ts";
import type { TimeoutPhase } from "../chat/error_code.ts";

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

/** When a clock runs out. */
interface Alarm {
  readonly phase: TimeoutPhase;
  readonly limit: number;
  readonly at: number;
}

/**
 * Watches one run. Only time in which the run waits for the upstream counts as
 * silence; time that the reader takes between two reads does not.
 *
 * All clocks have one timer, which is left to fire too early and to look again:
 * to set one for each request and each network piece would cost more than these.
 */
export interface Clocks {
  /** The longest silence between two pieces of content. */
  readonly idle: number | null;
  /** Starts the clock `total`. */
  startRun(): void;
  /** Starts anew to wait for a first token. */
  startAttempt(): void;
  /**
   * Starts the clock `headers`.
   *
   * @returns Stops it.
   */
  startHeaders(): () => void;
  /** The run waits for the upstream from now on, unless it does already. */
  wait(): void;
  /**
   * Something came from the upstream.
   *
   * @param isContent Whether it was content; anything else leaves it silent.
   */
  receive(isContent: boolean): void;
  /** Content is on its way, though the run still waits for the whole of it. */
  progress(): void;
  /**
   * The answer is whole: silence is of no account any more, and where the clock
   * `total` runs out, only the rest of the body is left.
   *
   * @param leaveRest Leaves the rest.
   */
  settle(leaveRest: () => void): void;
  /**
   * Waits.
   *
   * @param ms Milliseconds.
   * @param signal Ends the wait with its reason.
   */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** Stops every clock. */
  stop(): void;
}

/**
 * Makes the clocks of one run.
 *
 * @param clock Where time comes from.
 * @param limits When each runs out.
 * @param onTimeout Is called when one runs out.
 */
export function createClocks(
  clock: Clock,
  limits: ClockLimits,
  onTimeout: OnTimeout,
): Clocks {
  /** All but that of silence, which ends with each piece. */
  let alarms: readonly Alarm[] = [];
  let timer: unknown;
  let timerAt = Infinity;
  let waitingSince = Infinity;
  let waited = 0;
  let hasContent = false;
  let leaveRest: (() => void) | undefined;

  function clear(): void {
    if (timerAt < Infinity) clock.clearTimeout(timer);
    timerAt = Infinity;
  }

  /** Looks at the clocks no later than then. */
  function watch(at: number, now: number): void {
    if (at >= timerAt) return;
    clear();
    timerAt = at;
    timer = clock.setTimeout(look, Math.max(0, at - now));
  }

  /** Calls for the clock that has run out, and waits for the next. */
  function look(): void {
    const now = clock.now();
    const silence = toSilence();
    // Where silence is not the only one, the other says more.
    const over = [...alarms, silence].find(({ at }) => at <= now);
    if (over === silence) waitingSince = Infinity;
    alarms = alarms.filter((alarm) => alarm !== over);
    timerAt = Infinity;
    watch(Math.min(toSilence().at, ...alarms.map(({ at }) => at)), now);
    if (over === undefined) return;
    if (leaveRest !== undefined) leaveRest();
    else onTimeout(over.phase, over.limit);
  }

  function toSilence(): Alarm {
    const given = hasContent ? limits.idle : limits.firstToken;
    const limit = leaveRest ? Infinity : given ?? Infinity;
    const phase = hasContent ? "idle" : "first-token";
    return { phase, limit, at: waitingSince + limit - waited };
  }

  function start(
    phase: TimeoutPhase,
    limit: number | null,
  ): Alarm | undefined {
    if (limit === null) return undefined;
    const now = clock.now();
    const alarm = { phase, limit, at: now + limit };
    alarms = alarms.concat(alarm);
    // Mostly the shortest of all: what starts later then needs no other timer.
    watch(now + Math.min(limit, limits.idle ?? limit), now);
    return alarm;
  }

  function wait(): void {
    const now = clock.now();
    waitingSince = Math.min(waitingSince, now);
    watch(toSilence().at, now);
  }

  function receive(isContent: boolean): void {
    if (isContent) {
      hasContent = true;
      waited = 0;
    } else if (waitingSince < Infinity) {
      waited += clock.now() - waitingSince;
    }
    waitingSince = Infinity;
  }

  return {
    idle: limits.idle,
    startRun: () => void start("total", limits.total),
    startAttempt() {
      leaveRest = undefined;
      hasContent = false;
      waited = 0;
    },
    startHeaders() {
      const started = start("headers", limits.headers);
      return () => {
        alarms = alarms.filter((alarm) => alarm !== started);
        if (alarms.length === 0 && waitingSince === Infinity) clear();
      };
    },
    wait,
    receive,
    progress() {
      receive(true);
      wait();
    },
    settle(leave) {
      leaveRest = leave;
    },
    async sleep(ms, signal) {
      let napTimer: unknown;
      const elapsed = new Promise<void>((resolve) => {
        napTimer = clock.setTimeout(resolve, ms);
      });
      await abortable(elapsed, signal)
        .finally(() => clock.clearTimeout(napTimer));
    },
    stop() {
      alarms = [];
      waitingSince = Infinity;
      clear();
    },
  };
}
