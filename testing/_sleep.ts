import { abortable } from "../core/abortable.ts";

/**
 * Waits.
 *
 * @param ms Milliseconds.
 * @param signal Ends the wait with its reason.
 */
export async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const elapsed = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await abortable(elapsed, signal).finally(() => clearTimeout(timer));
}
