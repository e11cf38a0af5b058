/**
 * What became of each attempt of a run.
 *
 * @module
 */

import type { Clock } from "../streams/clock.ts";
import { isProviderError } from "../chat/errors.ts";
import type { Attempt } from "../chat/attempt.ts";

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Writes down the attempts of one run. */
export interface AttemptLog {
  /** How many attempts there are. */
  readonly count: number;
  /** Starts the next attempt. */
  start(): void;
  /**
   * Writes down a response; the last one is that of the answer.
   *
   * @param status Its HTTP status.
   */
  recordStatus(status: number): void;
  /** Writes down that content came. */
  recordContent(): void;
  /**
   * Ends the attempt, unless it has ended.
   *
   * @param failure Why it failed; absent where it did not.
   */
  end(failure?: unknown): void;
  /**
   * Gives the attempts of others in place of its own.
   *
   * @param list Gives them.
   */
  delegate(list: () => readonly Attempt[]): void;
  /** A copy that does not change any more. */
  toAttempts(): readonly Attempt[];
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
  const attempts: Attempt[] = [];
  let current: Writable<Attempt> = { ...facts };
  let startTime = 0;
  let list: () => readonly Attempt[] = () => attempts;

  function elapsed(): number {
    return Math.round((clock.now() - startTime) * 1000) / 1000;
  }

  return {
    get count() {
      return attempts.length;
    },
    start() {
      startTime = clock.now();
      current = { ...facts, startedAt: startTime };
      attempts.push(current);
    },
    recordStatus(status) {
      current.status = status;
      current.headersMs = elapsed();
    },
    recordContent() {
      current.firstTokenMs ??= elapsed();
    },
    end(failure) {
      if (current.endMs !== undefined) return;
      current.endMs = elapsed();
      if (isProviderError(failure)) {
        current.code = failure.code;
        current.message = failure.message;
        if (failure.status !== undefined) current.status = failure.status;
      } else if (failure !== undefined) {
        current.code = "aborted";
      }
    },
    delegate(others) {
      list = others;
    },
    toAttempts: () => list().map((attempt) => ({ ...attempt })),
  };
}
