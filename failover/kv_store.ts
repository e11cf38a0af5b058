import type { Clock } from "../mod.ts";
import { SYSTEM_CLOCK } from "../core/streams/clock.ts";
import type { RouteStore } from "./route_state.ts";
import { isError } from "../core/streams/values.ts";

/** The key of an entry in {@linkcode KvLike}. */
export type KvKeyLike = readonly string[];

/** What is read from {@linkcode KvLike}. */
export interface KvEntryLike {
  /** What is kept, or `null`. */
  readonly value: unknown;
  /** Which version it is, or `null` where nothing is kept. */
  readonly versionstamp: string | null;
}

/** Changes of {@linkcode KvLike} that are made together, or not at all. */
export interface KvAtomicLike {
  /** Makes them only while an entry is at a version. */
  check(
    check: { readonly key: KvKeyLike; readonly versionstamp: string | null },
  ): KvAtomicLike;
  /** Keeps a value under a key for so many milliseconds. */
  set(
    key: KvKeyLike,
    value: unknown,
    options: { readonly expireIn: number },
  ): KvAtomicLike;
  /** Makes them, and says whether the checks held. */
  commit(): Promise<{ readonly ok: boolean }>;
}

/** What {@linkcode createKvStore} needs of a `Deno.Kv`. */
export interface KvLike {
  /** Reads the newest version of an entry. */
  get(key: KvKeyLike): Promise<KvEntryLike>;
  /** Reads up to ten entries, which may be a little old. */
  getMany(
    keys: readonly KvKeyLike[],
    options: { readonly consistency: "eventual" },
  ): Promise<readonly KvEntryLike[]>;
  /** Begins changes. */
  atomic(): KvAtomicLike;
}

/** Options of {@linkcode createKvStore}. */
export interface KvStoreOptions {
  /**
   * What the keys of all entries begin with.
   *
   * @default {["parley", "routes"]}
   */
  readonly prefix?: readonly string[] | undefined;
  /**
   * For how long a state is kept after its last change, in milliseconds: a
   * whole number.
   *
   * @default {86_400_000}
   */
  readonly expireIn?: number | undefined;
  /** Where time comes from; for tests. */
  readonly clock?: Clock | undefined;
  /** Gives numbers from 0 to 1; for tests. */
  readonly random?: (() => number) | undefined;
}

/** What waits between two tries depend on. */
type Pauses = Required<
  { readonly [Name in "clock" | "random"]: NonNullable<KvStoreOptions[Name]> }
>;

/** Deno KV reads no more entries at once. */
const MAX_BATCH = 10;

/** How often something is tried where others are faster. */
const MAX_TRIES = 40;

/** The longest wait between two tries, in milliseconds. */
const MAX_WAIT = 32;

/** Waits up to 1 ms, doubled each time, so that rivals do not meet again. */
async function stepAside(
  tries: number,
  { clock, random }: Pauses,
): Promise<void> {
  await new Promise<void>((resolve) => {
    clock.setTimeout(resolve, random() * Math.min(2 ** tries, MAX_WAIT));
  });
}

/** Whether another process writes to the same file at this moment. */
function isLocked(error: unknown): boolean {
  // Deno KV gives no more to know it by.
  return isError(error) && /\blocked\b/.test(error.message);
}

/**
 * Tries until it works.
 *
 * @param work Gives `undefined` where others were faster.
 * @param pauses How long it waits in between.
 */
async function tryOften<T>(
  work: () => Promise<T | undefined>,
  pauses: Pauses,
): Promise<T> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    if (tries > 0) await stepAside(tries, pauses);
    try {
      const result = await work();
      if (result !== undefined) return result;
    } catch (error) {
      if (!isLocked(error)) throw error;
    }
  }
  throw new Error("Cannot reach the state of a route: others are faster");
}

/**
 * Makes a store in Deno KV, so that all isolates of a deployment, or all
 * processes over one file, know the same of their routes: what one has found
 * out to fail, the others do not ask, and of all of them one probes it.
 *
 * One run costs one read before it and one after it; something is written only
 * where a route fails, recovers or becomes clearly slower or faster.
 *
 * @param kv What `Deno.openKv()` gives; closing it is up to the caller.
 * @param options Where states are kept, and for how long.
 * @returns The store.
 * @throws {RangeError} If `expireIn` is not a positive whole number.
 *
 * @example Usage
 * ```ts
 * import { createKvStore } from "@parley/chat/failover";
 * import { assertEquals } from "@std/assert";
 *
 * using kv = await Deno.openKv(":memory:");
 * const store = createKvStore(kv, { prefix: ["shop", "routes"] });
 * await store.update("AmigoChat", () => ({ failures: 1 }));
 *
 * assertEquals(await store.get(["AmigoChat"]), [{ failures: 1 }]);
 * ```
 */
export function createKvStore(
  kv: KvLike,
  options: KvStoreOptions = {},
): RouteStore {
  const {
    prefix = ["parley", "routes"],
    expireIn = 86_400_000,
    clock = SYSTEM_CLOCK,
    random = Math.random,
  } = options;
  const pauses = { clock, random };
  if (!Number.isSafeInteger(expireIn) || expireIn <= 0) {
    throw new RangeError(
      `Cannot create a store: "expireIn" is not a positive whole number: ${expireIn}`,
    );
  }
  const toKvKey = (key: string) => [...prefix, key];

  function readBatch(keys: readonly string[]): Promise<readonly KvEntryLike[]> {
    // A near replica answers this, where the newest version may be far away.
    return tryOften(
      () => kv.getMany(keys.map(toKvKey), { consistency: "eventual" }),
      pauses,
    );
  }

  return {
    async get(keys) {
      const batches: Promise<readonly KvEntryLike[]>[] = [];
      for (let start = 0; start < keys.length; start += MAX_BATCH) {
        batches.push(readBatch(keys.slice(start, start + MAX_BATCH)));
      }
      const entries = (await Promise.all(batches)).flat();
      return entries.map(({ value }) => value ?? undefined);
    },
    async update(key, change) {
      const kvKey = toKvKey(key);
      await tryOften(async () => {
        const { value, versionstamp } = await kv.get(kvKey);
        const state = change(value ?? undefined);
        if (state === undefined) return true;
        const { ok } = await kv.atomic()
          .check({ key: kvKey, versionstamp })
          .set(kvKey, state, { expireIn })
          .commit();
        return ok || undefined;
      }, pauses);
    },
  };
}
