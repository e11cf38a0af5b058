/** A signal that knows how many listeners it has. */
export class CountedSignal {
  readonly controller: AbortController = new AbortController();
  readonly signal: AbortSignal = this.controller.signal;
  readonly #listeners = new Set<unknown>();
  #added = 0;

  constructor() {
    const { signal } = this;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...added: Parameters<typeof add>) => {
      this.#added++;
      this.#listeners.add(added[1]);
      add(...added);
    };
    signal.removeEventListener = (...removed: Parameters<typeof remove>) => {
      this.#listeners.delete(removed[1]);
      remove(...removed);
    };
  }

  /** How many listeners were ever added. */
  get added(): number {
    return this.#added;
  }

  /** How many listeners it has. */
  get listeners(): number {
    return this.#listeners.size;
  }
}
