import { abortable, SYSTEM_CLOCK } from "@parley/chat/provider";
import type { Clock } from "@parley/chat";

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
