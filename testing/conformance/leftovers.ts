import type { Trial } from "./trial.ts";
import { until } from "./waiting.ts";

/** Checks that a run has left no timer, and no body that is open. */
export async function checkLeft(
  { bodies, counted }: Pick<Trial, "bodies" | "counted">,
): Promise<void> {
  await until(
    () => bodies.every(({ state }) => state !== "open"),
    "the body of its answer is cancelled",
  );
  await until(() => counted.timers === 0, "no timer of its own is left");
}

/** A signal that knows how many listeners it has. */
export class CountedSignal {
  readonly controller: AbortController = new AbortController();
  readonly signal: AbortSignal = this.controller.signal;
  readonly #listeners = new Set<unknown>();

  constructor() {
    const { signal } = this;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...added: Parameters<typeof add>) => {
      this.#listeners.add(added[1]);
      add(...added);
    };
    signal.removeEventListener = (...removed: Parameters<typeof remove>) => {
      this.#listeners.delete(removed[1]);
      remove(...removed);
    };
  }

  /** How many listeners it has. */
  get listeners(): number {
    return this.#listeners.size;
  }
}
