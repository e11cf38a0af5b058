/**
 * Where time comes from.
 *
 * @module
 */

/** Where a run takes its time from; tests put their own in its place. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z; never goes back. */
  now(): number;
  /** Calls back once, after so many milliseconds. */
  setTimeout(callback: () => void, ms: number): unknown;
  /** Takes a timer back. */
  clearTimeout(timer: unknown): void;
}

/** The clock of the machine. */
export const SYSTEM_CLOCK: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  // Who is late may be left no time: runtimes print a warning where it is below 0.
  setTimeout: (callback, ms) => setTimeout(callback, Math.max(0, ms)),
  clearTimeout: (timer) => clearTimeout(timer as number),
};
