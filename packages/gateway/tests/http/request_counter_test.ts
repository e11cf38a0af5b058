import { assert, assertEquals } from "@std/assert";
import {
  createKvStore,
  createMemoryStore,
  type RouteStore,
} from "@parley/chat/failover";
import { createSharedCounter } from "../../http/request_counter.ts";
import { JumpingClock } from "../_jumping_clock.ts";

const LIMIT = 100;

/** Counters of several instances that share a store. */
function createInstances(
  count: number,
  store: RouteStore,
  clock = new JumpingClock(),
) {
  const instances = Array.from(
    { length: count },
    () => createSharedCounter({ store, keyId: "key", limit: LIMIT, clock }),
  );
  return { clock, instances };
}

/** Sends so many requests to each instance at once, and counts what is let in. */
async function flood(
  instances: readonly ReturnType<typeof createSharedCounter>[],
  requests: number,
): Promise<number> {
  const counts = await Promise.all(
    instances.flatMap((take) => Array.from({ length: requests }, take)),
  );
  return counts.filter(({ wait }) => wait === 0).length;
}

Deno.test("createSharedCounter() lets in what the limit says, of 40 instances over Deno KV", async () => {
  using kv = await Deno.openKv(":memory:");
  const { clock, instances } = createInstances(40, createKvStore(kv));
  for (let minute = 0; minute < 3; minute++) {
    assertEquals(await flood(instances, 25), LIMIT);
    assertEquals(await flood(instances, 1), 0);
    await clock.advance(60_000);
  }
});

Deno.test("createSharedCounter() tells what is left to all, and how long it takes", async () => {
  const { clock, instances } = createInstances(2, createMemoryStore());
  const [one, other] = instances;
  await clock.advance(12_500);
  assertEquals(await one?.(), { wait: 0, remaining: 99, reset: 47_500 });
  assertEquals(await other?.(), { wait: 0, remaining: 98, reset: 47_500 });
  await flood(instances, 49);
  const refused = { wait: 47_500, remaining: 0, reset: 47_500 };
  assertEquals(await one?.(), refused);
  assertEquals(await other?.(), refused);
});

Deno.test("createSharedCounter() asks the store once for what comes meanwhile", async () => {
  const store = createMemoryStore();
  const gates: (() => void)[] = [];
  const { instances } = createInstances(1, {
    ...store,
    async update(key, change) {
      await new Promise<void>((resolve) => gates.push(resolve));
      await store.update(key, change);
    },
  });
  const first = flood(instances, 1);
  await Promise.resolve().then();
  const others = flood(instances, 500);
  gates.shift()?.();
  assertEquals(await first, 1);
  while (gates.length === 0) await Promise.resolve();
  gates.shift()?.();
  assertEquals(await others, LIMIT - 1);
  assertEquals(gates.length, 0);
});

/** Stores that are of no use, and for how long each of them is asked. */
const TROUBLE: Readonly<Record<string, () => Promise<void>>> = {
  fails: () => Promise.reject(new Error("out of order")),
  hangs: () => new Promise(() => {}),
};

for (const [name, update] of Object.entries(TROUBLE)) {
  Deno.test(`createSharedCounter() counts by itself where the store ${name}`, async () => {
    let asked = 0;
    const { clock, instances } = createInstances(1, {
      get: () => Promise.resolve([]),
      update() {
        asked++;
        return update();
      },
    });
    const counted = flood(instances, 150);
    await clock.advance(2_000);
    assertEquals(await counted, LIMIT);
    assertEquals(await flood(instances, 10), 0);
    assertEquals(asked, 1);
    await clock.advance(60_000);
    const again = flood(instances, 150);
    await clock.advance(2_000);
    assertEquals(await again, LIMIT);
    assertEquals(asked, 2);
  });
}

Deno.test("createSharedCounter() heeds a slow store as soon as it answers", async () => {
  const store = createMemoryStore();
  const clock = new JumpingClock();
  let ms = 3_000;
  const { instances } = createInstances(4, {
    ...store,
    async update(key, change) {
      await new Promise<void>((resolve) => clock.setTimeout(resolve, ms));
      await store.update(key, change);
    },
  }, clock);
  const first = flood(instances, 30);
  await clock.advance(2_000);
  // Nobody waits longer, and each counts for itself.
  assertEquals(await first, 120);
  assertEquals(await flood(instances, 10), 40);
  await clock.advance(4_000); // The store has answered.
  assertEquals(await flood(instances, 10), 0);
  ms = 500;
  await clock.advance(60_000);
  const again = flood(instances, 30);
  await clock.advance(500);
  await again;
  const later = flood(instances, 30);
  await clock.advance(1_000);
  assertEquals(await later, 0);
});

Deno.test("createSharedCounter() takes what another program wrote for nothing", async () => {
  const store = createMemoryStore();
  const { clock, instances } = createInstances(1, store);
  const minute = Math.floor(clock.now() / 60_000);
  for (const requests of ["many", NaN, 1.5, -7, null]) {
    await store.update(`requests key ${minute}`, () => ({ requests }));
    assertEquals((await instances[0]?.())?.remaining, LIMIT - 1);
  }
});

for (const hours of [-1, 1]) {
  Deno.test(`createSharedCounter() keeps nobody waiting longer where a clock jumps by ${hours} h`, async () => {
    const store = createMemoryStore();
    const { clock, instances } = createInstances(1, store);
    const other = createInstances(1, store);
    await flood(instances, LIMIT);
    clock.jump(hours * 3_600_000);
    for (const take of [...instances, ...other.instances]) {
      const { wait } = await take();
      assert(wait <= 60_000, `${wait}`);
    }
    await clock.advance(60_000);
    await other.clock.advance(60_000);
    assertEquals(await flood(instances, 1), 1);
    assertEquals(await flood(other.instances, 1), 1);
  });
}
