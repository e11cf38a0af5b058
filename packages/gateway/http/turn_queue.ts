/**
 * Work that lets others have their turn.
 *
 * @module
 */

import type { Clock } from "@parley/chat";

/** How much is done before others have their turn. */
const MAX_AT_ONCE = 4;

/**
 * Makes a queue for what may come due a thousand times at one moment: a little is
 * done at once, and the rest when others had their turn.
 *
 * @param clock Where time comes from.
 * @returns Takes a piece of work.
 */
export function createTurnQueue(clock: Clock): (work: () => void) => void {
  const waiting: (() => void)[] = [];
  let done = 0;

  function goOn(): void {
    done = 0;
    while (done < MAX_AT_ONCE && waiting.length > 0) {
      done++;
      waiting.shift()?.();
    }
    if (done > 0) clock.setTimeout(goOn, 0);
  }

  return (work) => {
    waiting.push(work);
    if (done === 0) goOn();
  };
}
