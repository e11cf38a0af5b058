import {
  createKvStore,
  createMemoryStore,
  type KvAtomicLike,
  type KvLike,
  type RouteStore,
} from "../../failover/mod.ts";
import type { Clock } from "../../mod.ts";
import type { StoreTrouble } from "./_world.ts";

/** A change of what is kept in a store, and when it was made. */
export interface Change {
  readonly key: string;
  readonly before: unknown;
  readonly after: object;
  readonly at: number;
}

/** What all instances keep together. */
export interface Stores {
  trouble: StoreTrouble;
  readonly routes: RouteStore;
  /** Does some work, as the trouble lets it. */
  work<T>(task: () => T | Promise<T>): Promise<T>;
}

/** What stores depend on. */
export interface StoresOptions {
  /** Whether all instances share a Deno KV. */
  readonly isKv: boolean;
  readonly clock: Clock;
  readonly random: () => number;
  readonly onChange: (change: Omit<Change, "at">) => void;
}

class StoreFailure extends Error {}

/** Makes the stores of a world. */
export function createStores(
  { isKv, clock, random, onChange }: StoresOptions,
): Stores {
  async function work<T>(task: () => T | Promise<T>): Promise<T> {
    const { trouble } = stores;
    if (trouble.type === "lag") {
      await new Promise<void>((done) =>
        void clock.setTimeout(done, trouble.ms)
      );
    }
    if (trouble.type === "fail") throw new StoreFailure();
    if (trouble.type === "silent") return await new Promise(() => {});
    const result = await task();
    if (trouble.type === "lost-reply") throw new StoreFailure();
    return result;
  }
  const isContended = () => stores.trouble.type === "contend";

  /** A memory, of which each change is seen. */
  function createMemory(): RouteStore {
    const memory = createMemoryStore();
    return {
      get: (keys) => work(() => memory.get(keys)),
      update: (key, change) =>
        work(async () => {
          if (isContended()) change((await memory.get([key]))[0]);
          await memory.update(key, (before) => {
            const after = change(before);
            if (after !== undefined) onChange({ key, before, after });
            return after;
          });
        }),
    };
  }

  /** A store like Deno KV in memory: what is kept has versions. */
  function createKv(): KvLike {
    const entries = new Map<string, readonly [version: number, object]>();
    let commits = 0;
    const toName = (key: readonly string[]) => key.at(-1) ?? "";
    function read(key: readonly string[]) {
      const [version = null, value = null] = entries.get(toName(key)) ?? [];
      return { value, versionstamp: version === null ? null : `${version}` };
    }
    function atomic(): KvAtomicLike {
      const checks: Parameters<KvAtomicLike["check"]>[0][] = [];
      const sets: Parameters<KvAtomicLike["set"]>[] = [];
      const operation: KvAtomicLike = {
        check: (check) => (checks.push(check), operation),
        set: (...set) => (sets.push(set), operation),
        commit: () =>
          work(() => {
            const isBeaten = isContended() && ++commits % 3 > 0;
            const ok = !isBeaten && checks.every(({ key, versionstamp }) =>
              read(key).versionstamp === versionstamp
            );
            for (const [key, value] of ok ? sets : []) {
              const name = toName(key);
              const [version = 0, before] = entries.get(name) ?? [];
              const after = Object(value);
              entries.set(name, [version + 1, after]);
              onChange({ key: name, before, after });
            }
            return { ok };
          }),
      };
      return operation;
    }
    return {
      get: (key) => work(() => read(key)),
      getMany: (keys) => work(() => keys.map(read)),
      atomic,
    };
  }

  const stores: Stores = {
    trouble: { type: "none" },
    routes: isKv
      ? createKvStore(createKv(), { clock, random })
      : createMemory(),
    work,
  };
  return stores;
}
