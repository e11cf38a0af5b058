import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  createKvStore,
  type KvAtomicLike,
  type KvLike,
  type RouteState,
} from "../../failover/mod.ts";

/** Fails to compile where a `Deno.Kv` is no {@linkcode KvLike}. */
const toKvLike: (kv: Deno.Kv) => KvLike = (kv) => kv;

function countUp(state: unknown): RouteState {
  return { failures: ((state as RouteState | undefined)?.failures ?? 0) + 1 };
}

/** A store of one entry in which others are faster for the first times. */
function createContested(conflicts: number) {
  const seen: unknown[] = [];
  let version = 0;
  let value: unknown = null;
  const kv: KvLike = {
    get: () =>
      Promise.resolve({ value, versionstamp: version ? `${version}` : null }),
    getMany: () => Promise.resolve([]),
    atomic() {
      let checked: string | null = "none";
      let wanted: unknown;
      const atomic: KvAtomicLike = {
        check: ({ versionstamp }) => (checked = versionstamp, atomic),
        set: (_, state) => (wanted = state, atomic),
        commit() {
          if (conflicts-- > 0) value = { failures: 10 * ++version };
          const ok = checked === (version ? `${version}` : null);
          seen.push(checked);
          if (ok) [value, version] = [wanted, version + 1];
          return Promise.resolve({ ok });
        },
      };
      return atomic;
    },
  };
  return { kv, seen, getValue: () => value };
}

Deno.test("createKvStore() keeps states in Deno KV", async () => {
  using kv = await Deno.openKv(":memory:");
  const store = createKvStore(toKvLike(kv));
  await store.update("a", () => ({ failures: 1, openUntil: 2.5 }));
  await store.update("a", () => undefined);
  assertEquals(await store.get(["b", "a"]), [
    undefined,
    { failures: 1, openUntil: 2.5 },
  ]);
  assertEquals(await store.get([]), []);
  const { value } = await kv.get(["parley", "routes", "a"]);
  assertEquals(value, { failures: 1, openUntil: 2.5 });
});

Deno.test("createKvStore() keeps states under its prefix", async () => {
  using kv = await Deno.openKv(":memory:");
  const store = createKvStore(kv, { prefix: ["shop"] });
  await store.update("a/b", () => ({ failures: 3 }));
  assertEquals((await kv.get(["shop", "a/b"])).value, { failures: 3 });
  assertEquals(await createKvStore(kv).get(["a/b"]), [undefined]);
});

Deno.test("createKvStore() reads more keys than Deno KV does at once", async () => {
  using kv = await Deno.openKv(":memory:");
  const store = createKvStore(kv);
  for (const length of [10, 11, 25]) {
    const keys = Array.from({ length }, (_, index) => `route ${index}`);
    await Promise.all(
      keys.map((key, failures) => store.update(key, () => ({ failures }))),
    );
    assertEquals(
      await store.get(keys),
      keys.map((_, failures) => ({ failures })),
    );
  }
});

Deno.test("createKvStore() loses no change of 40 at once", async () => {
  using kv = await Deno.openKv(":memory:");
  const stores = Array.from({ length: 40 }, () => createKvStore(kv));
  await Promise.all(
    stores.flatMap((store) => [
      store.update("a", countUp),
      store.update("a", countUp),
    ]),
  );
  assertEquals(await stores[0]?.get(["a"]), [{ failures: 80 }]);
});

Deno.test("createKvStore() changes what others have kept meanwhile", async () => {
  const { kv, seen, getValue } = createContested(3);
  await createKvStore(kv).update("a", countUp);
  assertEquals(seen, [null, "1", "2", "3"]);
  assertEquals(getValue(), { failures: 31 });
});

Deno.test("createKvStore() writes nothing where what others have kept needs no change", async () => {
  const { kv, seen, getValue } = createContested(1);
  await createKvStore(kv).update(
    "a",
    (state) => state === undefined ? { failures: 1 } : undefined,
  );
  assertEquals(seen, [null]);
  assertEquals(getValue(), { failures: 10 });
});

Deno.test("createKvStore() gives up where others are faster each time", async () => {
  const { kv, seen } = createContested(Infinity);
  await assertRejects(
    () => createKvStore(kv).update("a", countUp),
    Error,
    "Cannot reach the state of a route: others are faster",
  );
  assertEquals(seen.length, 40);
});

Deno.test("createKvStore() tries again where another process locks the file", async () => {
  const locked = new TypeError("database is locked");
  using kv = await Deno.openKv(":memory:");
  let failures = 0;
  const contested: KvLike = {
    get(key) {
      return ++failures % 2 ? Promise.reject(locked) : kv.get(key);
    },
    getMany(keys, options) {
      return ++failures % 2
        ? Promise.reject(locked)
        : toKvLike(kv).getMany(keys, options);
    },
    atomic: () => toKvLike(kv).atomic(),
  };
  const store = createKvStore(contested);
  await store.update("a", countUp);
  assertEquals(await store.get(["a"]), [{ failures: 1 }]);
  assertEquals(failures, 4);
});

Deno.test("createKvStore() keeps a state for a day, or as long as it is told", async () => {
  using kv = await Deno.openKv(":memory:");
  const expiries: unknown[] = [];
  const watched: KvLike = {
    get: (key) => kv.get(key),
    getMany: (keys, options) => toKvLike(kv).getMany(keys, options),
    atomic() {
      const atomic = toKvLike(kv).atomic();
      const set = atomic.set.bind(atomic);
      return Object.assign(atomic, {
        set(...parameters: Parameters<KvAtomicLike["set"]>) {
          expiries.push(parameters[2]);
          return set(...parameters);
        },
      });
    },
  };
  await createKvStore(watched).update("a", countUp);
  await createKvStore(watched, { expireIn: 5_000 }).update("a", countUp);
  assertEquals(expiries, [{ expireIn: 86_400_000 }, { expireIn: 5_000 }]);
});

Deno.test("createKvStore() refuses an expiry that Deno KV would refuse later", async () => {
  using kv = await Deno.openKv(":memory:");
  for (const expireIn of [0, -1, 1.5, NaN, Infinity]) {
    assertThrows(() => createKvStore(kv, { expireIn }), RangeError, "expireIn");
  }
});

Deno.test("createKvStore() tries nothing again that fails for another reason", async () => {
  let tries = 0;
  const fail = () => {
    tries++;
    return Promise.reject(new TypeError("No access"));
  };
  using kv = await Deno.openKv(":memory:");
  const store = createKvStore({
    get: fail,
    getMany: fail,
    atomic: () => toKvLike(kv).atomic(),
  });
  await assertRejects(() => store.get(["a"]), TypeError);
  await assertRejects(() => store.update("a", countUp), TypeError);
  assertEquals(tries, 2);
});

Deno.test("createKvStore() rejects where Deno KV is closed", async () => {
  const kv = await Deno.openKv(":memory:");
  const store = createKvStore(kv);
  kv.close();
  await assertRejects(() => store.get(["a"]));
  await assertRejects(() => store.update("a", countUp));
});
