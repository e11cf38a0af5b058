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

/**
 * Watches one run. Only time in which the run waits for the upstream counts as
 * silence; time that the reader takes between two reads does not.
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
  /** The run waits for the upstream from now on. */
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
  /** Takes back each timer that is set. */
  const stops = new Set<() => void>();
  let stopSilence = () => {};
  let silenceDue = Infinity;
  let headersDue = Infinity;
  let waitingSince: number | undefined;
  let waited = 0;
  let hasContent = false;
  let leaveRest: (() => void) | undefined;

  function startTimer(ms: number, callback: () => void): () => void {
    const timer = clock.setTimeout(() => {
      stops.delete(stop);
      callback();
    }, ms);
    function stop(): void {
      stops.delete(stop);
      clock.clearTimeout(timer);
    }
    stops.add(stop);
    return stop;
  }

  function start(phase: TimeoutPhase, limit: number | null): () => void {
    if (limit === null) return () => {};
    return startTimer(limit, () => {
      if (leaveRest !== undefined) leaveRest();
      else onTimeout(phase, limit);
    });
  }

  function toSilenceLimit(): number {
    const limit = hasContent ? limits.idle : limits.firstToken;
    return leaveRest ? Infinity : limit ?? Infinity;
  }

  /** Looks again when the silence that began then may have taken too long. */
  function watchSilence(since: number): void {
    const due = since + toSilenceLimit() - waited;
    // A timer that is due earlier is left to fire and to look again: to set one
    // for each network piece would cost more than the piece.
    if (due >= silenceDue) return;
    stopSilence();
    silenceDue = due;
    stopSilence = startTimer(Math.max(0, due - clock.now()), checkSilence);
  }

  function checkSilence(): void {
    silenceDue = Infinity;
    if (waitingSince === undefined) return;
    const limit = toSilenceLimit();
    const now = clock.now();
    if (now < waitingSince + limit - waited) watchSilence(waitingSince);
    // Where both run out, the one that began later says more.
    else if (now >= headersDue) onTimeout("headers", limits.headers ?? limit);
    else onTimeout(hasContent ? "idle" : "first-token", limit);
  }

  function wait(): void {
    waitingSince = clock.now();
    watchSilence(waitingSince);
  }

  function receive(isContent: boolean): void {
    if (isContent) {
      hasContent = true;
      waited = 0;
    } else if (waitingSince !== undefined) {
      waited += clock.now() - waitingSince;
    }
    waitingSince = undefined;
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
      headersDue = clock.now() + (limits.headers ?? Infinity);
      const stop = start("headers", limits.headers);
      return () => {
        headersDue = Infinity;
        stop();
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
      silenceDue = Infinity;
      stopSilence();
    },
    async sleep(ms, signal) {
      let stop = () => {};
      const elapsed = new Promise<void>((resolve) => {
        stop = startTimer(ms, resolve);
      });
      await abortable(elapsed, signal).finally(stop);
    },
    stop() {
      for (const stop of stops) stop();
    },
  };
}
