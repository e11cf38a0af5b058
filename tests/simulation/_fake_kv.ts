import type { KvAtomicLike, KvLike } from "../../failover/mod.ts";

/** What is kept, and its version. */
interface Entry {
  readonly value: unknown;
  readonly version: number;
}

/** What a {@linkcode createFakeKv} depends on. */
export interface FakeKvOptions {
  /** Does some work, as the trouble of the store lets it. */
  readonly work: <T>(task: () => T) => Promise<T>;
  /** Whether somebody else is faster this time. */
  readonly isBeaten: () => boolean;
  /** Is told what is kept. */
  readonly onSet: (key: string, before: unknown, after: object) => void;
}

/** Makes a store like Deno KV in memory: what is kept has versions. */
export function createFakeKv(
  { work, isBeaten, onSet }: FakeKvOptions,
): KvLike {
  const entries = new Map<string, Entry>();
  const toName = (key: readonly string[]) => key.at(-1) ?? "";

  function read(key: readonly string[]) {
    const { value = null, version } = entries.get(toName(key)) ?? {};
    return { value, versionstamp: version === undefined ? null : `${version}` };
  }

  function atomic(): KvAtomicLike {
    const checks: Parameters<KvAtomicLike["check"]>[0][] = [];
    const sets: (readonly [key: string, value: object])[] = [];
    const operation: KvAtomicLike = {
      check(check) {
        checks.push(check);
        return operation;
      },
      set(key, value) {
        sets.push([toName(key), Object(value)]);
        return operation;
      },
      commit: () =>
        work(() => {
          const ok = !isBeaten() && checks.every(({ key, versionstamp }) =>
            read(key).versionstamp === versionstamp
          );
          for (const [key, value] of ok ? sets : []) {
            const { value: before, version = 0 } = entries.get(key) ?? {};
            entries.set(key, { value, version: version + 1 });
            onSet(key, before, value);
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
