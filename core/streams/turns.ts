/**
 * Work that lets others have their turn.
 *
 * @module
 */

import type { Clock } from "./clock.ts";

/** After how many bytes others have their turn, if so much time has passed. */
const MIN_BYTES = 16 * 1024;
const FIRST_TURN_MS = 16;

/** The longest turn: others have little to do. To wait for them takes 2 ms. */
const MAX_TURN_MS = 32;

/** The shortest one: others had to be waited for, for so long. */
const MIN_TURN_MS = 2;
const LONG_WAIT_MS = 8;

/** The turns of one reader. */
export interface Turns {
  /** Where time comes from. */
  readonly clock: Clock;
  /** How many bytes were read since the last look at the clock. */
  unturned: number;
  /** When others had their turn. */
  since: number;
  /** How long a turn is, in milliseconds. */
  turn: number;
  /** Ends the wait for others, where there is one. */
  end?: () => void;
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
  return { clock, unturned: 0, since: clock.now(), turn: FIRST_TURN_MS };
}

function waitForOthers(turns: Turns): Promise<void> {
  const { clock } = turns;
  const before = clock.now();
  return new Promise((resolve) => {
    const end = () => {
      clock.clearTimeout(timer);
      const now = clock.now();
      turns.since = now;
      turns.turn = now - before > LONG_WAIT_MS
        ? MIN_TURN_MS
        : Math.min(2 * turns.turn, MAX_TURN_MS);
      resolve();
    };
    const timer = clock.setTimeout(end, 0);
    turns.end = end;
  });
}

/**
 * Lets others have their turn after much that was read.
 *
 * @param turns The turns of the reader.
 * @param bytes How many bytes were read since the last call.
 * @returns What to wait for; `undefined` where that was not much.
 */
export function takeTurn(
  turns: Turns,
  bytes: number,
): Promise<void> | undefined {
  turns.unturned += bytes;
  if (turns.unturned < MIN_BYTES) return undefined;
  turns.unturned = 0;
  return turns.clock.now() - turns.since < turns.turn
    ? undefined
    : waitForOthers(turns);
}
