import type { Clock } from "@parley/chat";
import { flush } from "../fake_clock.ts";
import { check } from "./check.ts";

/** How long a thing may take that needs no time of its own, in milliseconds. */
const SOON = 2_000;

/** Clocks that never ring: a case may skip what it waits for. */
export const NO_TIMEOUTS = {
  headers: null,
  firstToken: null,
  idle: null,
  total: null,
} as const;

/**
 * Waits in real time until something is so; time of a fixture stands still.
 *
 * @throws {ConformanceError} If it never is.
 */
export async function until(
  isSo: () => boolean,
  what: string,
  ms: number = SOON,
): Promise<void> {
  const end = performance.now() + ms;
  while (!isSo()) {
    check(performance.now() < end, `It takes over ${ms} ms until ${what}`);
    await flush();
  }
}

/** Lets everything happen that needs no time. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await flush();
}

/** A promise of which can be seen whether it has settled. */
export class Watched<T> {
  /** Whether it has settled. */
  isSettled = false;
  /** What it settles with. */
  readonly promise: Promise<T>;

  constructor(promise: Promise<T>) {
    this.promise = promise.finally(() => this.isSettled = true);
    // It is looked at later, if at all.
    this.promise.catch(() => {});
  }
}

/** Gives what a promise rejects with; fails where it does not reject. */
export function catchReason(promise: Promise<unknown>): Promise<unknown> {
  const reason = promise.then(
    () => check(false, "Nothing is thrown"),
    (error: unknown) => error,
  );
  // It is looked at later, if at all.
  reason.catch(() => {});
  return reason;
}

/** Waits so many milliseconds of a clock. */
export async function pause(clock: Clock, ms: number): Promise<void> {
  await new Promise<void>((resolve) => clock.setTimeout(resolve, ms));
}

/** An answer that begins and then never goes on. */
export async function* beginAndHang(token: string): AsyncGenerator<string> {
  yield token;
  await new Promise(() => {});
}
