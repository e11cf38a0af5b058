// What runs tell of the health of routes, and what they make of it.
import { assertEquals } from "@std/assert";
import { createMemoryStore, type RouteStore } from "../../failover/mod.ts";
import { createStage, type Stage, type Step } from "./_actors.ts";

/** A store that counts what is written. */
function createCountedStore(): RouteStore & { readonly writes: string[] } {
  const store = createMemoryStore();
  const writes: string[] = [];
  return {
    ...store,
    writes,
    update: (key, change) =>
      store.update(key, (state) => {
        const changed = change(state);
        if (changed !== undefined) writes.push(key);
        return changed;
      }),
  };
}

/** Asks so many times, and tells who answered each time. */
async function ask({ failover, settle }: Stage, count: number) {
  const models: string[] = [];
  while (models.length < count) {
    models.push((await settle(failover.generate("Hi"))).provider);
  }
  return models.join("");
}

const count = ({ actors }: Stage) => actors.map(({ runs }) => runs.length);

Deno.test("createFailover() leaves a silent route alone after some runs", async () => {
  const stage = createStage([[Infinity], ["B"]]);
  assertEquals(await ask(stage, 3), "BBB");
  assertEquals([count(stage), stage.elapsed()], [[3, 3], 30_000]);
  assertEquals(await ask(stage, 5), "BBBBB");
  assertEquals([count(stage), stage.elapsed()], [[3, 8], 30_000]);
  // Its probe is one request, and then it has time to come to itself.
  await stage.clock.advance(5_000);
  assertEquals(await ask(stage, 5), "BBBBB");
  assertEquals([count(stage), stage.elapsed()], [[4, 13], 45_000]);
});

Deno.test("createFailover() blames no route that had not its time", async () => {
  const store = createCountedStore();
  const stage = createStage([[10_500, "A"], [5_000, "B"]], { store });
  assertEquals(await ask(stage, 5), "AAAAA");
  assertEquals(count(stage), [5, 5]);
  assertEquals(await store.get(["B/b"]), [undefined]);
});

Deno.test("createFailover() writes once what became of a run", async () => {
  const store = createCountedStore();
  const stage = createStage([[{ code: "upstream" }], [100, "B"]], { store });
  await ask(stage, 1);
  assertEquals(store.writes.toSorted(), ["A/a", "B/b"]);
  assertEquals(await store.get(["A/a", "B/b"]), [
    { failures: 1 },
    { failures: 0, firstTokenMs: 100, measuredAt: stage.clock.now() },
  ]);
  // Where all is as it was, nothing is written.
  await ask(stage, 1);
  assertEquals(store.writes.toSorted(), ["A/a", "A/a", "B/b"]);
});

Deno.test("createFailover() has written all that it knows when a run ends", async () => {
  const memory = createMemoryStore();
  const written: string[] = [];
  const stage = createStage([["a", { code: "upstream" }], ["B"]], {
    store: {
      ...memory,
      async update(key, change) {
        await new Promise((resolve) => setTimeout(resolve, 5));
        await memory.update(key, change);
        written.push(key);
      },
    },
  });
  const stream = stage.failover.stream("Hi");
  for await (const { type } of stream) {
    if (type === "finish") assertEquals(written.toSorted(), ["A/a", "B/b"]);
  }
});

const NO_FAULT: readonly (readonly Step[])[] = [
  [{ code: "context-length" }],
  [{ code: "unsupported" }],
  [{ code: "too-large" }],
];

for (const script of NO_FAULT) {
  const [step] = script;
  Deno.test(`createFailover() does not leave a route alone for ${Deno.inspect(step)}`, async () => {
    const stage = createStage([script, ["B"]]);
    assertEquals(await ask(stage, 5), "BBBBB");
    assertEquals(count(stage), [5, 5]);
  });
}

Deno.test("createFailover() counts an answer that breaks off as a failure", async () => {
  const stage = createStage([["a", { code: "incomplete" }], ["B"]]);
  assertEquals(await ask(stage, 5), "BBBBB");
  assertEquals(count(stage), [3, 5]);
});

Deno.test("createFailover() does not blame a route for an answer that differs (match)", async () => {
  const stage = createStage(
    [["a", { code: "incomplete" }], ["x"], ["a", "b"]],
    { onPartial: "match", breaker: { failures: 1 } },
  );
  assertEquals(await ask(stage, 1), "C");
  // The first is left alone now, but not the second.
  assertEquals(await ask(stage, 1), "B");
  assertEquals(count(stage), [1, 2, 1]);
});

Deno.test("createFailover() asks a route that is left alone where all others fail", async () => {
  const stage = createStage(
    [
      [{ code: "upstream", retryable: true }],
      [{ code: "upstream" }],
    ],
    { breaker: { failures: 1, coolDown: 60_000, maxCoolDown: 60_000 } },
    [
      { maxRetries: 2 },
    ],
  );
  await stage.settle(stage.failover.generate("Hi").catch(() => {}));
  assertEquals(count(stage), [3, 1]);
  // The one that is due first is asked once, without further attempts.
  await stage.settle(stage.failover.generate("Hi").catch(() => {}));
  assertEquals(count(stage), [4, 1]);
});

Deno.test("createFailover() leaves a route alone for as long as it asks", async () => {
  const stage = createStage([
    [{ code: "rate-limit", retryAfter: 30_000 }],
    ["B"],
  ]);
  assertEquals(await ask(stage, 2), "BB");
  await stage.clock.advance(29_000);
  assertEquals(await ask(stage, 1), "B");
  assertEquals(count(stage), [1, 3]);
  await stage.clock.advance(1_000);
  await ask(stage, 1);
  assertEquals(count(stage), [2, 4]);
});

Deno.test("createFailover() asks a new route where the store fails", async () => {
  const stage = createStage([[{ code: "upstream" }], ["B"]], {
    store: {
      get: () => Promise.reject(new Error("no store")),
      update: () => Promise.reject(new Error("no store")),
    },
  });
  assertEquals(await ask(stage, 4), "BBBB");
  assertEquals(count(stage), [4, 4]);
});

Deno.test("createFailover() shares what is known through a store", async () => {
  const store = createMemoryStore();
  const openUntil = Date.UTC(2026, 0, 1) + 5_000;
  await store.update("Main", () => ({ failures: 3, openUntil }));
  const stage = createStage([["A"], ["B"]], { store }, [{ name: "Main" }]);
  assertEquals(await ask(stage, 1), "B");
  await stage.clock.advance(5_000);
  assertEquals(await ask(stage, 2), "AA");
  assertEquals(count(stage), [2, 1]);
});
