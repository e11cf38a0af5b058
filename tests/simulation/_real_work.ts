import { flush } from "@parley/testing";

/** How often it is looked whether work is done: seconds, unless it waits for time. */
const MAX_LOOKS = 5_000;

/**
 * What is done by others, such as encryption: it takes a time that is no
 * world's, and would end in another order each time.
 */
export class RealWork {
  #last: Promise<unknown> = Promise.resolve();
  #pending = 0;

  /** Does one thing after the other. */
  do<T>(task: () => Promise<T>): Promise<T> {
    this.#pending++;
    const done = this.#last.then(task).finally(() => this.#pending--);
    this.#last = done.catch(() => {});
    return done;
  }

  /** Waits for the end of it, and gives whether there was any. */
  async settle(): Promise<boolean> {
    if (this.#pending === 0) return false;
    for (let looks = 0; this.#pending > 0 && looks < MAX_LOOKS; looks++) {
      await flush();
    }
    return this.#pending === 0;
  }
}
