import type { Clock } from "../../mod.ts";
import type { CallerPlan } from "./_world.ts";

/** When a caller reads, and when it leaves. */
export interface Patience {
  /** Is aborted when the caller leaves. */
  readonly signal: AbortSignal;
  /** What time it is for the caller. */
  now(): number;
  /** Waits before the next read, and gives for how many milliseconds. */
  next(): Promise<number>;
  /** Waits, but not for one who has left. */
  wait(ms: number): Promise<void>;
  /** Lets go of what still waits. */
  end(): void;
}

/** Follows the plan of a caller. */
export function createPatience(
  { pace = 0, pause, leave }: CallerPlan,
  clock: Clock,
): Patience {
  const controller = new AbortController();
  const { signal } = controller;
  const timer = leave &&
    clock.setTimeout(() => controller.abort(new Error("enough")), leave.after);
  let reads = 0;
  let stop = () => {};

  async function wait(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const sleeping = clock.setTimeout(resolve, ms);
      stop = () => {
        clock.clearTimeout(sleeping);
        resolve();
      };
      signal.addEventListener("abort", stop, { once: true });
    });
  }

  return {
    signal,
    now: () => clock.now(),
    wait,
    async next() {
      const ms = pace + (reads++ === pause?.after ? pause.ms : 0);
      if (ms === 0 || signal.aborted) return 0;
      await wait(ms);
      return ms;
    },
    end() {
      clock.clearTimeout(timer);
      stop();
    },
  };
}
