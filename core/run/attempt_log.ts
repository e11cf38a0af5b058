/**
 * What became of each attempt of a run.
 *
 * @module
 */

import type { Clock } from "../streams/clock.ts";
import { isProviderError } from "../chat/errors.ts";
import type { Attempt } from "../chat/attempt.ts";
import type { Writable } from "../streams/writable.ts";

/** The attempts of one run, as they are written down. */
export interface AttemptLog {
  /** Where time comes from. */
  readonly clock: Clock;
  /** Every attempt so far. */
  attempts: readonly Attempt[];
  /** The last one. */
  current: Writable<Attempt>;
  /** Gives the attempts of others in place of its own. */
  others: (() => readonly Attempt[]) | undefined;
}

/**
 * Makes a log without attempts.
 *
 * @param clock Where time comes from.
 * @param facts What is the same of every attempt.
 */
export function createAttemptLog(
  clock: Clock,
  facts: Pick<Attempt, "provider" | "model">,
): AttemptLog {
  return { clock, attempts: [], current: { ...facts }, others: undefined };
}

/** How long the attempt takes so far, in milliseconds. */
function toElapsed({ clock, current: { startedAt = 0 } }: AttemptLog): number {
  return Math.round((clock.now() - startedAt) * 1000) / 1000;
}

/**
 * Starts the next attempt.
 *
 * @param log Where it is written down.
 */
export function startAttempt(log: AttemptLog): void {
  const { provider, model } = log.current;
  log.current = { provider, model, startedAt: log.clock.now() };
  log.attempts = log.attempts.concat(log.current);
}

/**
 * Writes down a response; the last one is that of the answer.
 *
 * @param log The attempts.
 * @param status Its HTTP status.
 */
export function recordStatus(log: AttemptLog, status: number): void {
  log.current.status = status;
  log.current.headersMs = toElapsed(log);
}

/**
 * Writes down that content came.
 *
 * @param log The attempts.
 */
export function recordContent(log: AttemptLog): void {
  log.current.firstTokenMs ??= toElapsed(log);
}

/**
 * Ends the attempt, unless it has ended.
 *
 * @param log The attempts.
 * @param failure Why it failed; absent where it did not.
 */
export function endAttempt(log: AttemptLog, failure?: unknown): void {
  const { current } = log;
  if (current.endMs !== undefined) return;
  current.endMs = toElapsed(log);
  if (isProviderError(failure)) {
    current.code = failure.code;
    current.message = failure.message;
    if (failure.status !== undefined) current.status = failure.status;
  } else if (failure !== undefined) {
    current.code = "aborted";
  }
}

/**
 * Copies the attempts.
 *
 * @param log The attempts.
 * @returns A copy that does not change any more.
 */
export function toAttempts(
  { attempts, others }: AttemptLog,
): readonly Attempt[] {
  return (others?.() ?? attempts).map((attempt) => ({ ...attempt }));
}
