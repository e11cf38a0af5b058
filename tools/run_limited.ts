/**
 * Tasks, some of them at once.
 *
 * @module
 */

/** What came of a task. */
type Outcome<T> =
  | { readonly key: number; readonly value: T }
  | { readonly key: number; readonly error: unknown };

/**
 * Runs tasks, some of them at once, and gives what comes of each as soon as it is
 * there.
 *
 * @param tasks The tasks.
 * @param limit How many at once.
 */
export async function* runLimited<T>(
  tasks: readonly (() => Promise<T>)[],
  limit: number,
): AsyncGenerator<T, void, undefined> {
  const waiting = [...tasks];
  const running = new Map<number, Promise<Outcome<T>>>();
  let count = 0;
  while (waiting.length > 0 || running.size > 0) {
    while (running.size < limit) {
      const task = waiting.shift();
      if (task === undefined) break;
      running.set(count, settle(count, task()));
      count++;
    }
    const outcome = await Promise.race(running.values());
    running.delete(outcome.key);
    if ("error" in outcome) throw outcome.error;
    yield outcome.value;
  }
}

/** Waits for a task that nobody may be waiting for any more when it fails. */
async function settle<T>(key: number, task: Promise<T>): Promise<Outcome<T>> {
  try {
    return { key, value: await task };
  } catch (error) {
    return { key, error };
  }
}
