import { assert, assertEquals, assertExists } from "@std/assert";
import { createCircuitBreaker } from "../../failover/circuit_breaker.ts";
import type { RouteStore } from "../../failover/mod.ts";
import { FakeClock } from "@parley/testing";
import { createBreaker } from "./_breaker.ts";

const toMeasured = (firstTokenMs: number, measuredAt = 1_000_000) => ({
  failures: 0,
  firstTokenMs,
  measuredAt,
});

Deno.test("CircuitBreaker measures a moving average, and writes what is worth it", async () => {
  const { breaker, look, countWrites, getState, failTimes, clock } =
    createBreaker();
  await breaker.succeed("a");
  assertEquals(countWrites(), 0);
  await breaker.succeed("a", { firstTokenMs: 100 });
  assertEquals(await getState(), toMeasured(100));
  for (const firstTokenMs of [100, 130, 70, 0.1 + 99, NaN, -1, Infinity]) {
    await breaker.succeed("a", { firstTokenMs });
  }
  assertEquals(countWrites(), 1);
  await breaker.succeed("a", { firstTokenMs: 200 });
  assertEquals(await getState(), toMeasured(130));
  await failTimes(3);
  await breaker.succeed("a", { firstTokenMs: 230 });
  assertEquals(await look(), "open");
  await clock.advance(5_000);
  const [state] = await breaker.look(["a"]);
  assertEquals(state?.firstTokenMs, 160);
  assertEquals(state?.isDue, true);
});

Deno.test("CircuitBreaker measures anew from an average of nothing", async () => {
  const { breaker, getState } = createBreaker();
  await breaker.succeed("a", { firstTokenMs: 0 });
  await breaker.succeed("a", { firstTokenMs: 10 });
  assertEquals(await getState(), toMeasured(3));
});

Deno.test("CircuitBreaker believes a measurement the less the older it is", async () => {
  const { breaker, getState, clock } = createBreaker();
  await breaker.succeed("a", { firstTokenMs: 1_000 });
  await clock.advance(60_000);
  await breaker.succeed("a", { firstTokenMs: 0 });
  assertEquals(await getState(), toMeasured(350, 1_060_000));
  // That it is as it was is written down now and then.
  await clock.advance(16_000);
  await breaker.succeed("a", { firstTokenMs: 350 });
  assertEquals(await getState(), toMeasured(350, 1_076_000));
});

Deno.test("CircuitBreaker is never stuck by a clock that has gone back", async () => {
  const year = 365 * 86_400_000;
  for (
    const state of [
      { failures: 3, openUntil: 1_000_000 + year },
      { failures: 3, openUntil: 5, probeUntil: 1_000_000 + year },
      { failures: 3, openUntil: 5, coolDown: 1e300 },
      { failures: Number.MAX_SAFE_INTEGER, openUntil: 5 },
      { failures: 3, openUntil: Number.MAX_VALUE, coolDown: 0 },
    ]
  ) {
    const { breaker, store, look, claim, clock } = createBreaker();
    await store.update("a", () => state);
    assertEquals(await look(), "due", JSON.stringify(state));
    await breaker.fail("a", { probe: await claim() });
    await clock.advance(30_000);
    assert(await look() !== "open");
    await breaker.succeed("a", { probe: await claim() });
    assertEquals(await look(), "closed");
  }
});

Deno.test("CircuitBreaker closes what another version opened without a failure", async () => {
  const { breaker, store, look, claim } = createBreaker();
  await store.update("a", () => ({ failures: 0, openUntil: 5 }));
  assertEquals(await look(), "due");
  await breaker.succeed("a", { probe: await claim() });
  assertEquals(await look(), "closed");
});

Deno.test("CircuitBreaker bears with the clocks of others that are a little ahead", async () => {
  const { store, look } = createBreaker();
  const probeUntil = 1_000_000 + 60_000 + 59_000;
  await store.update("a", () => ({ failures: 3, openUntil: 5, probeUntil }));
  assertEquals(await look(), "open");
});

Deno.test("CircuitBreaker goes on where its store fails or hangs", async () => {
  const clock = new FakeClock();
  const failing: readonly RouteStore[] = [
    {
      get: () => Promise.reject(new Error("Unreachable")),
      update: () => Promise.reject(new Error("Unreachable")),
    },
    { get: () => new Promise(() => {}), update: () => new Promise(() => {}) },
  ];
  for (const store of failing) {
    const breaker = createCircuitBreaker(store, { clock });
    const done = (async () => {
      for (let time = 0; time < 4; time++) await breaker.fail("a");
      const probe = await breaker.claimProbe("a");
      assertExists(probe);
      await breaker.release("a", probe);
      await breaker.succeed("a", { probe, firstTokenMs: 5 });
      return await breaker.look(["a"]);
    })();
    await clock.advance(1_000);
    assertEquals(await done, [{ key: "a", isOpen: false, isDue: false }]);
  }
  assertEquals(clock.timers, 0);
});
