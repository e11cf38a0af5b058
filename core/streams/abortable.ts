/**
 * Waits for a promise no longer than a signal allows.
 *
 * @module
 */

/**
 * Settles with a promise, or rejects with the signal's reason if that comes
 * first. Leaves no listener behind.
 *
 * @param promise What to wait for; a late failure of it is swallowed.
 * @param signal Ends the wait.
 * @param onLate Gets a value that came too late, to let go of it.
 * @returns The value.
 */
export function abortable<T>(
  promise: Promise<T>,
  signal: AbortSignal,
  onLate?: (value: T) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      reject(signal.reason);
      promise.then(onLate, () => {});
    };
    if (signal.aborted) return onAbort();
    signal.addEventListener("abort", onAbort);
    promise.finally(() => signal.removeEventListener("abort", onAbort))
      .then(resolve, reject);
  });
}

/** Waits for a promise, or rejects with the signal's reason. */
export type Within = <T>(promise: Promise<T>) => Promise<T>;

/**
 * Makes what waits for one promise at a time, such as each network piece: with
 * one listener, as one for each promise would cost more than to wait.
 *
 * @param signal Ends each wait.
 * @param onAbort Is called before that.
 */
export function createWithin(
  signal: AbortSignal,
  onAbort: (reason: unknown) => void,
): Within {
  let interrupt: ((reason: unknown) => void) | undefined;
  signal.addEventListener("abort", () => {
    onAbort(signal.reason);
    interrupt?.(signal.reason);
  });
  return (promise) =>
    new Promise((resolve, reject) => {
      promise.then(resolve, reject);
      interrupt = reject;
      if (signal.aborted) reject(signal.reason);
    });
}
