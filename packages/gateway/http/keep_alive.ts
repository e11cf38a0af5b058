/**
 * Says something where nothing else is said.
 *
 * @module
 */

import type { Clock } from "@parley/chat";

/** Watches over one stream that is sent. */
export interface KeepAlive {
  /** Silence begins; it lasts until {@linkcode KeepAlive.endSilence}. */
  startSilence(): void;
  /** Silence is over. */
  endSilence(): void;
  /** Stops for good. */
  stop(): void;
}

/** Options for {@linkcode createKeepAlive}. */
export interface KeepAliveOptions {
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
export function createKeepAlive(
  { interval, clock, onSilence }: KeepAliveOptions,
): KeepAlive {
  let silentSince: number | undefined;
  let timer: unknown;

  function look(ms: number): void {
    timer = clock.setTimeout(() => {
      timer = undefined;
      if (silentSince === undefined || interval === null) return;
      const left = silentSince + interval - clock.now();
      if (left > 0) return look(left);
      silentSince = clock.now();
      look(interval);
      onSilence();
    }, ms);
  }

  return {
    startSilence() {
      silentSince = clock.now();
      if (timer === undefined && interval !== null) look(interval);
    },
    endSilence() {
      silentSince = undefined;
    },
    stop() {
      silentSince = undefined;
      if (timer !== undefined) clock.clearTimeout(timer);
      timer = undefined;
    },
  };
}
