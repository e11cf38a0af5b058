import { assertEquals } from "@std/assert";
import { createMemoryStore, type RouteStore } from "../../failover/mod.ts";
import { guardStore } from "../../failover/guarded_store.ts";
import { FakeClock } from "@parley/testing";

/** A store that gives whatever it is told to. */
function createTelling(value: unknown): RouteStore {
  return {
    get: (keys) => Promise.resolve(keys.map(() => value)),
    update(_, change) {
      change(value);
      return Promise.resolve();
    },
  };
}

Deno.test("guardStore() gives what a store keeps, and sets no timer that stays", async () => {
  const clock = new FakeClock();
  const store = guardStore(createMemoryStore(), clock);
  assertEquals(await store.update("a", () => ({ failures: 1 })), true);
  assertEquals(await store.get(["a", "b"]), [{ failures: 1 }, undefined]);
  assertEquals(clock.timers, 0);
});

Deno.test("guardStore() takes what is no state for none", async () => {
  const clock = new FakeClock();
  for (
    const value of [
      ...[null, 0, "", "open", true, [], {}, { openUntil: 5 }],
      ...[{ failures: "1" }, { failures: -1 }, { failures: 1.5 }],
      ...[{ failures: NaN }, { failures: 1, openUntil: "soon" }],
      ...[{ failures: 1, openUntil: NaN }, { failures: 1, openUntil: null }],
      ...[{ failures: 1, coolDown: -1 }, { failures: 1, probeUntil: Infinity }],
      ...[{ failures: 1, firstTokenMs: -5 }, { failures: 1, probeUntil: {} }],
      Object.defineProperty({ failures: 1 }, "openUntil", {
        enumerable: true,
        get: () => {
          throw new Error("No");
        },
      }),
    ]
  ) {
    const store = guardStore(createTelling(value), clock);
    assertEquals(await store.get(["a"]), [undefined]);
    const seen: unknown[] = [];
    await store.update("a", (state) => void seen.push(state));
    assertEquals(seen.filter((state) => state !== undefined), []);
  }
});

Deno.test("guardStore() takes a state of another version that says the same", async () => {
  const state = { failures: 1, openUntil: 5, note: "new" };
  const store = guardStore(createTelling(state), new FakeClock());
  assertEquals(await store.get(["a"]), [state]);
});

Deno.test("guardStore() knows nothing where a store fails", async () => {
  const clock = new FakeClock();
  const failing: readonly RouteStore[] = [
    {
      get: () => Promise.reject(new Error("Unreachable")),
      update: () => Promise.reject(new Error("Unreachable")),
    },
    {
      get() {
        throw new TypeError("Closed");
      },
      update() {
        throw new TypeError("Closed");
      },
    },
  ];
  for (const store of failing.map((store) => guardStore(store, clock))) {
    assertEquals(await store.get(["a", "b"]), [undefined, undefined]);
    assertEquals(await store.update("a", () => ({ failures: 1 })), false);
  }
  assertEquals(clock.timers, 0);
});

Deno.test("guardStore() gives one state for each key, whatever the store gives", async () => {
  const clock = new FakeClock();
  for (
    const states of [null, undefined, [], "ab", 5, [{ failures: 1 }, 2, 3]]
  ) {
    const store = guardStore({
      get: () => Promise.resolve(states as readonly unknown[]),
      update: () => Promise.resolve(),
    }, clock);
    const [first, second, ...others] = await store.get(["a", "b"]);
    assertEquals(first, Array.isArray(states) ? states[0] : undefined);
    assertEquals([second, others], [undefined, []]);
  }
});

/** A store that answers when it is told to. */
function createSlow() {
  const waiting: (() => void)[] = [];
  const memory = createMemoryStore();
  const wait = () => new Promise<void>((resolve) => waiting.push(resolve));
  const store: RouteStore = {
    get: async (keys) => (await wait(), await memory.get(keys)),
    update: async (
      key,
      change,
    ) => (await wait(), await memory.update(key, change)),
  };
  return { store, memory, waiting };
}

Deno.test("guardStore() waits for a store for one second", async () => {
  const clock = new FakeClock();
  const { store, memory, waiting } = createSlow();
  await memory.update("a", () => ({ failures: 4 }));
  const guarded = guardStore(store, clock);
  const inTime = guarded.get(["a"]);
  await clock.advance(999);
  waiting.shift()?.();
  assertEquals(await inTime, [{ failures: 4 }]);

  const tooLate = guarded.get(["a"]);
  await clock.advance(1_000);
  assertEquals(await tooLate, [undefined]);
  assertEquals(clock.timers, 0);
});

Deno.test("guardStore() leaves no timer where nobody waits any more", async () => {
  const clock = new FakeClock();
  const { store, memory, waiting } = createSlow();
  const guarded = guardStore(store, clock);
  const run = new AbortController();
  const { signal } = run;
  const states = guarded.get(["a"], signal);
  const isDone = guarded.update("a", () => ({ failures: 1 }), signal);
  run.abort();
  const isDoneLater = guarded.update("b", () => ({ failures: 2 }), signal);

  assertEquals(await states, [undefined]);
  assertEquals([await isDone, await isDoneLater], [false, false]);
  assertEquals(clock.timers, 0);
  // The changes are made, and the store is not taken for one that is slow.
  await clock.advance(999);
  for (const proceed of waiting.splice(0)) proceed();
  await clock.advance(0);
  assertEquals(await memory.get(["a", "b"]), [{ failures: 1 }, {
    failures: 2,
  }]);
  void guarded.get(["a"]);
  assertEquals(waiting.length, 1);
  waiting[0]?.();
});

Deno.test("guardStore() drops a change that comes too late", async () => {
  const clock = new FakeClock();
  const { store, memory, waiting } = createSlow();
  const isDone = guardStore(store, clock).update("a", () => ({ failures: 1 }));
  await clock.advance(1_000);
  assertEquals(await isDone, false);
  waiting.shift()?.();
  await clock.advance(0);
  assertEquals(await memory.get(["a"]), [undefined]);
});

Deno.test("guardStore() leaves a slow store alone for ten seconds", async () => {
  const clock = new FakeClock();
  const { store, waiting } = createSlow();
  const guarded = guardStore(store, clock);
  const first = guarded.get(["a"]);
  await clock.advance(1_000);
  await first;
  assertEquals(waiting.length, 1);

  await clock.advance(9_999);
  assertEquals(await guarded.get(["a"]), [undefined]);
  assertEquals(await guarded.update("a", () => ({ failures: 1 })), false);
  assertEquals(waiting.length, 1);

  await clock.advance(1);
  const again = guarded.get(["a"]);
  assertEquals(waiting.length, 2);
  waiting[1]?.();
  assertEquals(await again, [undefined]);
});

Deno.test("guardStore() leaves a slow store alone no longer where the clock is set back", async () => {
  let offset = 0;
  const clock = new class extends FakeClock {
    override now(): number {
      return super.now() + offset;
    }
  }();
  const { store, waiting } = createSlow();
  const guarded = guardStore(store, clock);
  const first = guarded.get(["a"]);
  await clock.advance(1_000);
  await first;
  offset = -3_600_000;
  const again = guarded.get(["a"]);
  assertEquals(waiting.length, 2);
  waiting[1]?.();
  assertEquals(await again, [undefined]);
});
