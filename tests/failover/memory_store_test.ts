import { assertEquals, assertRejects } from "@std/assert";
import { createMemoryStore } from "../../failover/mod.ts";

/** Counts one more. */
function count(state: unknown) {
  return { failures: (state as { failures?: number })?.failures ?? 0 };
}

Deno.test("createMemoryStore() gives what is kept, in the order of the keys", async () => {
  const store = createMemoryStore();
  await store.update("a", () => ({ failures: 1 }));
  await store.update("b", () => ({ failures: 2, openUntil: 5 }));
  assertEquals(await store.get(["b", "c", "a", "b"]), [
    { failures: 2, openUntil: 5 },
    undefined,
    { failures: 1 },
    { failures: 2, openUntil: 5 },
  ]);
  assertEquals(await store.get([]), []);
});

Deno.test("createMemoryStore() keeps what a change leaves as it is", async () => {
  const store = createMemoryStore();
  await store.update("a", () => ({ failures: 1 }));
  await store.update("a", () => undefined);
  assertEquals(await store.get(["a"]), [{ failures: 1 }]);
});

Deno.test("createMemoryStore() loses no change of many at once", async () => {
  const store = createMemoryStore();
  await Promise.all(
    Array.from(
      { length: 100 },
      () =>
        store.update("a", (state) => ({ failures: count(state).failures + 1 })),
    ),
  );
  assertEquals(await store.get(["a"]), [{ failures: 100 }]);
});

Deno.test("createMemoryStore() keeps nothing where a change throws", async () => {
  const store = createMemoryStore();
  await assertRejects(
    () =>
      store.update("a", () => {
        throw new TypeError("No");
      }),
    TypeError,
  );
  assertEquals(await store.get(["a"]), [undefined]);
});

Deno.test("createMemoryStore() takes a key for no more than its name", async () => {
  const store = createMemoryStore();
  assertEquals(await store.get(["__proto__", "constructor"]), [
    undefined,
    undefined,
  ]);
  await store.update("__proto__", () => ({ failures: 1 }));
  assertEquals(await store.get(["__proto__"]), [{ failures: 1 }]);
});

Deno.test("createMemoryStore() forgets what changed least recently of 10,000", async () => {
  const store = createMemoryStore();
  for (let index = 0; index < 10_000; index++) {
    await store.update(`${index}`, () => ({ failures: index }));
  }
  await store.update("0", () => ({ failures: 7 }));
  assertEquals(await store.get(["1"]), [{ failures: 1 }]);
  await store.update("new", () => ({ failures: 8 }));
  assertEquals(await store.get(["0", "1", "2", "new"]), [
    { failures: 7 },
    undefined,
    { failures: 2 },
    { failures: 8 },
  ]);
});
