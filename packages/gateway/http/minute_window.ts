/**
 * How many requests come in a minute.
 *
 * @module
 */

/** A minute in milliseconds. */
export const MINUTE = 60_000;

/**
 * Counts the requests of the last minute exactly: it remembers when each one
 * came that was let in.
 */
export class MinuteWindow {
  /** The times, in a ring; the oldest is overwritten when it is too old. */
  readonly #times: Float64Array;
  #first = 0;
  #count = 0;

  /**
   * Makes a window that nothing has come in yet.
   *
   * @param limit The most that is let in.
   */
  constructor(limit: number) {
    this.#times = new Float64Array(limit);
  }

  /** How many more are let in now. */
  get remaining(): number {
    return this.#times.length - this.#count;
  }

  /**
   * Lets one in.
   *
   * @param now The time.
   * @returns How long to wait where it is not, else 0.
   */
  take(now: number): number {
    this.#forget(now);
    const limit = this.#times.length;
    if (this.#count === limit) return this.#timeAt(0) + MINUTE - now;
    this.#times[(this.#first + this.#count++) % limit] = now;
    return 0;
  }

  /**
   * Counts in how many milliseconds none of those that were let in counts any more.
   *
   * @param now The time.
   */
  toReset(now: number): number {
    return this.#timeAt(this.#count - 1) + MINUTE - now;
  }

  #timeAt(index: number): number {
    return this.#times[(this.#first + index) % this.#times.length] ?? 0;
  }

  #forget(now: number): void {
    // Where the clock was set back, they would count for as long as it was.
    if (this.#count > 0 && this.#timeAt(this.#count - 1) > now) {
      for (let index = 0; index < this.#count; index++) {
        const place = (this.#first + index) % this.#times.length;
        this.#times[place] = Math.min(this.#timeAt(index), now);
      }
    }
    while (this.#count > 0 && this.#timeAt(0) + MINUTE <= now) {
      this.#first = (this.#first + 1) % this.#times.length;
      this.#count--;
    }
  }
}
