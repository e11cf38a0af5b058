/**
 * Work that lets others have their turn.
 *
 * @module
 */

import type { Clock } from "./clock.ts";

/** After how many bytes others have their turn, if so much time has passed. */
const MIN_BYTES = 16 * 1024;
const TURN_MS = 16;

/** The same, where others had to be waited for, for so long. */
const SHORT_TURN_MS = 2;
const LONG_WAIT_MS = 8;

/** The turns of one reader. */
export interface Turns {
  /**
   * Lets others have their turn after much that was read.
   *
   * @param bytes How many bytes were read since the last call.
   * @returns What to wait for; `undefined` where that was not much.
   */
  next(bytes: number): Promise<void> | undefined;
  /** Waits no longer. */
  end(): void;
}

/**
 * Makes the turns of a reader. What is there already is read without a turn of
 * anybody else, and a few bytes of gzip may stand for a thousand times as many:
 * nobody else would be answered for seconds.
 *
 * Who waits for long is one of many that have much to do: each of them then has
 * short turns, so that those who want little need not wait for all of them.
 *
 * @param clock Where time comes from.
 * @returns The turns.
 */
export function createTurns(clock: Clock): Turns {
  let unturned = 0;
  let since = clock.now();
  let turn = TURN_MS;
  let end = () => {};

  function wait(): Promise<void> {
    const before = clock.now();
    return new Promise((resolve) => {
      const timer = clock.setTimeout(() => end(), 0);
      end = () => {
        end = () => {};
        clock.clearTimeout(timer);
        since = clock.now();
        turn = since - before > LONG_WAIT_MS ? SHORT_TURN_MS : TURN_MS;
        resolve();
      };
    });
  }

  return {
    next(bytes) {
      unturned += bytes;
      if (unturned < MIN_BYTES) return undefined;
      unturned = 0;
      return clock.now() - since < turn ? undefined : wait();
    },
    end: () => end(),
  };
}
