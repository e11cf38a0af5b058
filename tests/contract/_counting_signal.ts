/** A signal that knows how many listeners it has. */
export class CountingSignal {
  readonly controller = new AbortController();
  readonly signal: AbortSignal = this.controller.signal;
  /** How many listeners it has now. */
  listeners = 0;
  /** How many were ever added. */
  added = 0;

  constructor() {
    const { signal } = this;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    const known = new Set<unknown>();
    signal.addEventListener = (...added: Parameters<typeof add>) => {
      known.add(added[1]);
      this.added++;
      this.listeners = known.size;
      add(...added);
    };
    signal.removeEventListener = (...removed: Parameters<typeof remove>) => {
      known.delete(removed[1]);
      this.listeners = known.size;
      remove(...removed);
    };
  }
}
