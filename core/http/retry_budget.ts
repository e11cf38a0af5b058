/**
 * How often a provider may be asked again.
 *
 * @module
 */

/** How many further attempts there are before anything goes well. */
const CAPACITY = 60;

/** What an answer gives back, beside what its own attempts took. */
const GIVEN_BACK = 0.2;

/**
 * The further attempts that all runs of a provider share: each takes one, and
 * answers give them back. Where a server is down, runs fail soon instead of
 * multiplying what it has to refuse.
 */
export interface RetryBudget {
  /**
   * Takes a further attempt.
   *
   * @returns Whether one was left.
   */
  take(): boolean;
  /**
   * Gives back what an answer is worth.
   *
   * @param retries How many further attempts it took.
   */
  giveBack(retries: number): void;
}

/** Makes a budget that is full. */
export function createRetryBudget(): RetryBudget {
  let left = CAPACITY;
  return {
    take() {
      if (left < 1) return false;
      left--;
      return true;
    },
    giveBack(retries) {
      left = Math.min(CAPACITY, left + retries + GIVEN_BACK);
    },
  };
}
