import { abortable } from "../core/streams/abortable.ts";
import { type Clock, SYSTEM_CLOCK } from "../core/streams/clock.ts";

/**
 * Waits.
 *
 * @param ms Milliseconds.
 * @param signal Ends the wait with its reason.
 * @param clock Where time comes from.
 */
export async function sleep(
  ms: number,
  signal: AbortSignal,
  clock: Clock = SYSTEM_CLOCK,
): Promise<void> {
  let timer: unknown;
  const elapsed = new Promise<void>((resolve) => {
    timer = clock.setTimeout(resolve, ms);
  });
  await abortable(elapsed, signal).finally(() => clock.clearTimeout(timer));
}
