/**
 * What became of each attempt of a run.
 *
 * @module
 */

import type { Clock } from "./clocks.ts";
import { ProviderError } from "./errors.ts";
import type { Attempt } from "./results.ts";

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** What is the same of every attempt of a run. */
type AttemptFacts = Pick<Attempt, "provider" | "model">;

/** Writes down the attempts of one run. */
export class AttemptLog {
  readonly #attempts: Attempt[] = [];
  readonly #clock: Clock;
  readonly #facts: AttemptFacts;
  #start = 0;
  #current: Writable<Attempt>;

  /**
   * @param clock Where time comes from.
   * @param facts What is the same of every attempt.
   */
  constructor(clock: Clock, facts: AttemptFacts) {
    this.#clock = clock;
    this.#facts = facts;
    this.#current = { ...facts };
  }

  /** How many attempts there are. */
  get count(): number {
    return this.#attempts.length;
  }

  /** Starts the next attempt. */
  start(): void {
    this.#start = this.#clock.now();
    this.#current = { ...this.#facts };
    this.#attempts.push(this.#current);
  }

  /**
   * Writes down a response; the last one is that of the answer.
   *
   * @param status Its HTTP status.
   */
  hearStatus(status: number): void {
    this.#note({ status, headersMs: this.#elapsed() });
  }

  /** Writes down that content came. */
  hearContent(): void {
    if (this.#current.firstTokenMs === undefined) {
      this.#note({ firstTokenMs: this.#elapsed() });
    }
  }

  /**
   * Ends the attempt.
   *
   * @param failure Why it failed; absent where it did not.
   */
  end(failure?: unknown): void {
    this.#note({ endMs: this.#elapsed() });
    if (failure instanceof ProviderError) {
      const { code, status = this.#current.status } = failure;
      this.#note({ code, ...(status !== undefined && { status }) });
    } else if (failure !== undefined) {
      this.#note({ code: "aborted" });
    }
  }

  /** A copy that does not change any more. */
  toAttempts(): readonly Attempt[] {
    return this.#attempts.map((attempt) => ({ ...attempt }));
  }

  #note(facts: Partial<Attempt>): void {
    Object.assign(this.#current, facts);
  }

  #elapsed(): number {
    const elapsed = this.#clock.now() - this.#start;
    return Math.round(elapsed * 1000) / 1000;
  }
}
