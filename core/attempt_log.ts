/**
 * What became of each attempt of a run.
 *
 * @module
 */

import type { Clock } from "./clocks.ts";
import { ProviderError } from "./errors.ts";
import type { Attempt } from "./results.ts";

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Writes down the attempts of one run. */
export class AttemptLog {
  readonly #attempts: Attempt[] = [];
  readonly #clock: Clock;
  #start = 0;
  #current: Writable<Attempt> = { provider: "", model: "" };

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How many attempts there are. */
  get count(): number {
    return this.#attempts.length;
  }

  /**
   * Starts the next attempt.
   *
   * @param provider The provider's id.
   * @param model The model id.
   */
  start(provider: string, model: string): void {
    this.#start = this.#clock.now();
    this.#current = { provider, model };
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
      this.#note({ error: code, ...(status !== undefined && { status }) });
    } else if (failure !== undefined) {
      this.#note({ error: "aborted" });
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
    return this.#clock.now() - this.#start;
  }
}
