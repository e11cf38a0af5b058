/**
 * What to do where nothing happens.
 *
 * @module
 */

import type { Clock } from "@parley/chat";

/** Measures the silences of one stream. */
export interface SilenceTimer {
  /** Silence begins; it lasts until {@linkcode SilenceTimer.pause}. */
  start(): void;
  /** Silence is over. */
  pause(): void;
  /** Stops for good. */
  stop(): void;
}

/** Options for {@linkcode createSilenceTimer}. */
export interface SilenceTimerOptions {
  /** After how many milliseconds of silence; `null` is never. */
  readonly interval: number | null;
  /** Where time comes from. */
  readonly clock: Clock;
  /** Is called each time that so much silence has passed. */
  readonly onSilence: () => void;
}

/**
 * Calls back while a stream is silent.
 *
 * One timer is left to run and looks again when it is due: to set one for each
 * piece of the stream would cost more than the piece.
 *
 * @param options How long, and what to call.
 */
export function createSilenceTimer(
  { interval, clock, onSilence }: SilenceTimerOptions,
): SilenceTimer {
  let silentSince: number | undefined;
  let timer: unknown;

  function look(ms: number): void {
    timer = clock.setTimeout(() => {
      timer = undefined;
      if (silentSince === undefined || interval === null) return;
      // A clock may have been set back.
      const left = Math.min(interval, silentSince + interval - clock.now());
      if (left > 0) return look(left);
      silentSince = clock.now();
      look(interval);
      onSilence();
    }, ms);
  }

  return {
    start() {
      silentSince = clock.now();
      if (timer === undefined && interval !== null) look(interval);
    },
    pause() {
      silentSince = undefined;
    },
    stop() {
      silentSince = undefined;
      if (timer !== undefined) clock.clearTimeout(timer);
      timer = undefined;
    },
  };
}
