/**
 * Work that lets others have their turn.
 *
 * @module
 */

import type { Clock } from "./clock.ts";

/** After how many bytes others have their turn, if so much time has passed. */
const MIN_BYTES = 16 * 1024;

/** The time of a turn, and what another may take of it. To wait takes 2 ms. */
const TURN_MS = 32;

/** The longest wait for others. */
const MAX_WAIT_MS = 1_000;

/** The turns of one reader. */
export interface Turns {
  /** Where time comes from. */
  readonly clock: Clock;
  /** How many bytes were read since the last look at the clock. */
  unturned: number;
  /** When others had their turn. */
  since: number;
  /** For how long it waits for others, in milliseconds. */
  wait: number;
  /** Ends the wait for others, where there is one. */
  end?: () => void;
}

/**
 * Makes the turns of a reader. What is there already is read without a turn of
 * anybody else, and a few bytes of gzip may stand for a thousand times as many:
 * nobody else would be answered for seconds.
 *
 * Whose turn comes late is one of many that have much to do. Each of them then
 * has the shortest turns, and waits so long between them that all together leave
 * time to others: a runtime looks for those only where it has nothing to do.
 *
 * @param clock Where time comes from.
 * @returns The turns.
 */
export function createTurns(clock: Clock): Turns {
  return { clock, unturned: 0, since: clock.now(), wait: 0 };
}

function waitForOthers(turns: Turns): Promise<void> {
  const { clock, wait } = turns;
  const due = clock.now() + wait;
  return new Promise((resolve) => {
    const end = () => {
      clock.clearTimeout(timer);
      turns.since = clock.now();
      const late = turns.since - due - TURN_MS;
      turns.wait = late > 0
        ? Math.min(wait + late, MAX_WAIT_MS)
        : Math.floor(wait * 3 / 4);
      resolve();
    };
    const timer = clock.setTimeout(end, wait);
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
  return turns.wait === 0 && turns.clock.now() - turns.since < TURN_MS
    ? undefined
    : waitForOthers(turns);
}
