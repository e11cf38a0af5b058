import {
  createKvStore,
  createMemoryStore,
  type RouteStore,
} from "../../failover/mod.ts";
import { createFakeKv } from "./_fake_kv.ts";
import type { Clock } from "../../mod.ts";
import type { StoreTrouble } from "./_world.ts";

/** What all instances keep together. */
export interface Stores {
  trouble: StoreTrouble;
  readonly routes: RouteStore;
  /** Does some work, as the trouble lets it. */
  work<T>(task: () => T | Promise<T>): Promise<T>;
}

/** A change of what is kept of a route. */
export interface StateChange {
  readonly key: string;
  readonly before: unknown;
  readonly after: object;
}

class StoreFailure extends Error {}

/** What stores depend on. */
export interface StoresOptions {
  /** Whether all instances share a Deno KV. */
  readonly isKv: boolean;
  readonly clock: Clock;
  readonly random: () => number;
  readonly onChange: (change: StateChange) => void;
}

/** Makes the stores of a world. */
export function createStores(
  { isKv, clock, random, onChange }: StoresOptions,
): Stores {
  const memory = createMemoryStore();

  async function wait(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      clock.setTimeout(resolve, ms);
    });
  }

  async function work<T>(task: () => T | Promise<T>): Promise<T> {
    const { trouble } = stores;
    if (trouble.type === "lag") await wait(trouble.ms);
    if (trouble.type === "fail") throw new StoreFailure();
    if (trouble.type === "silent") return await new Promise(() => {});
    const result = await task();
    if (trouble.type === "lost-reply") throw new StoreFailure();
    return result;
  }

  let commits = 0;
  const kv = createFakeKv({
    work,
    isBeaten: () => stores.trouble.type === "contend" && ++commits % 3 > 0,
    onSet: (key, before, after) => onChange({ key, before, after }),
  });
  const inMemory: RouteStore = {
    get: (keys) => work(() => memory.get(keys)),
    update: (key, change) =>
      work(async () => {
        if (stores.trouble.type === "contend") {
          const [state] = await memory.get([key]);
          change(state);
        }
        await memory.update(key, (before) => {
          const after = change(before);
          if (after !== undefined) onChange({ key, before, after });
          return after;
        });
      }),
  };
  const stores: Stores = {
    trouble: { type: "none" },
    routes: isKv ? createKvStore(kv, { clock, random }) : inMemory,
    work,
  };
  return stores;
}
