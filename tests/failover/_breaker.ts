import { assertExists } from "@std/assert";
import {
  type BreakerOptions,
  type CircuitBreaker,
  createCircuitBreaker,
} from "../../failover/circuit_breaker.ts";
import { createMemoryStore, type RouteStore } from "../../failover/mod.ts";
import { FakeClock } from "@parley/testing";

/** A breaker, and what a test does with its route "a". */
export interface TestedBreaker {
  readonly breaker: CircuitBreaker;
  /** It stands still at 1,000,000 ms. */
  readonly clock: FakeClock;
  readonly store: RouteStore;
  /** Makes the breaker of another isolate over the same store. */
  createOther(): CircuitBreaker;
  /** How often anything was written. */
  countWrites(): number;
  look(): Promise<"closed" | "open" | "due">;
  getState(): Promise<unknown>;
  failTimes(times: number): Promise<void>;
  /** Claims the probe, which must be there to claim. */
  claim(): Promise<number>;
}

/** Makes a breaker over a store in memory. */
export function createBreaker(options: BreakerOptions = {}): TestedBreaker {
  const clock = new FakeClock(1_000_000);
  const memory = createMemoryStore();
  let writes = 0;
  const store: RouteStore = {
    get: (keys) => memory.get(keys),
    update: (key, change) =>
      memory.update(key, (state) => {
        const changed = change(state);
        if (changed !== undefined) writes++;
        return changed;
      }),
  };
  const create = () => createCircuitBreaker(store, { clock, ...options });
  const breaker = create();
  return {
    breaker,
    clock,
    store,
    createOther: create,
    countWrites: () => writes,
    async look() {
      const [look] = await breaker.look(["a"]);
      assertExists(look);
      return look.isDue ? "due" : look.isOpen ? "open" : "closed";
    },
    async getState() {
      const [state] = await memory.get(["a"]);
      return state;
    },
    async failTimes(times) {
      for (let time = 0; time < times; time++) await breaker.fail("a");
    },
    async claim() {
      const probe = await breaker.claimProbe("a");
      assertExists(probe);
      return probe;
    },
  };
}
