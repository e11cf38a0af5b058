import { assertEquals } from "@std/assert";
import { createBreaker } from "./_breaker.ts";

Deno.test("CircuitBreaker opens after three failures in a row", async () => {
  const { breaker, look, failTimes, getState } = createBreaker();
  assertEquals(await look(), "closed");
  await failTimes(2);
  assertEquals(await look(), "closed");
  await breaker.succeed("a");
  await failTimes(2);
  assertEquals(await look(), "closed");
  await failTimes(1);
  assertEquals(await look(), "open");
  assertEquals(await getState(), {
    failures: 3,
    openUntil: 1_005_000,
    coolDown: 5_000,
  });
});

Deno.test("CircuitBreaker opens one route and leaves the others", async () => {
  const { breaker, failTimes } = createBreaker();
  await failTimes(3);
  await breaker.succeed("c", { firstTokenMs: 80 });
  assertEquals(await breaker.look(["b", "a", "c"]), [
    { key: "b", isOpen: false, isDue: false },
    { key: "a", isOpen: true, isDue: false, openUntil: 1_005_000 },
    {
      key: "c",
      isOpen: false,
      isDue: false,
      firstTokenMs: 80,
      measuredAt: 1_000_000,
    },
  ]);
});

Deno.test("CircuitBreaker takes limits", async () => {
  const { breaker, clock, look, failTimes, claim } = createBreaker({
    failures: 1,
    coolDown: 100,
    maxCoolDown: 150,
    probeTime: 10,
  });
  await failTimes(1);
  assertEquals(await look(), "open");
  await clock.advance(100);
  await claim();
  await clock.advance(9);
  assertEquals(await look(), "open");
  await clock.advance(1);
  await breaker.fail("a", { probe: await claim() });
  await clock.advance(149);
  assertEquals(await look(), "open");
  await clock.advance(1);
  assertEquals(await look(), "due");
});

Deno.test("CircuitBreaker takes a cool-down that is longer than ten minutes", async () => {
  const coolDown = 3_600_000;
  const { clock, look, failTimes } = createBreaker({
    coolDown,
    maxCoolDown: coolDown,
  });
  await failTimes(3);
  assertEquals(await look(), "open");
  await clock.advance(coolDown - 1);
  assertEquals(await look(), "open");
  await clock.advance(1);
  assertEquals(await look(), "due");
});

Deno.test("CircuitBreaker never cools down for longer than the most", async () => {
  const { clock, look, failTimes } = createBreaker({ maxCoolDown: 1_000 });
  await failTimes(3);
  await clock.advance(1_000);
  assertEquals(await look(), "due");
});

Deno.test("CircuitBreaker opens at once for as long as the upstream asks, at most ten minutes", async () => {
  for (
    const [retryAfter, time] of [
      [5_001, 5_001],
      [60_000, 60_000],
      [3_600_000, 600_000],
      [Infinity, 600_000],
    ] as const
  ) {
    const { breaker, clock, look } = createBreaker();
    await breaker.fail("a", { retryAfter });
    await clock.advance(time - 1);
    assertEquals(await look(), "open");
    await clock.advance(1);
    assertEquals(await look(), "due");
  }
});

Deno.test("CircuitBreaker only counts where the upstream asks for less than the cool-down", async () => {
  for (const retryAfter of [5_000, 1, 0, -1, -Infinity, NaN]) {
    const { breaker, look, getState } = createBreaker();
    await breaker.fail("a", { retryAfter });
    assertEquals(await look(), "closed");
    assertEquals(await getState(), { failures: 1 });
    await breaker.fail("a", { retryAfter });
    await breaker.fail("a", { retryAfter });
    assertEquals(await look(), "open");
  }
});

Deno.test("CircuitBreaker leaves an open route alone for longer where it asks for that", async () => {
  const { breaker, clock, look, failTimes, claim } = createBreaker();
  await failTimes(3);
  await breaker.fail("a", { retryAfter: 60_000 });
  await breaker.fail("a", { retryAfter: 1_000 });
  await clock.advance(59_999);
  assertEquals(await look(), "open");
  await clock.advance(1);
  await breaker.fail("a", { probe: await claim(), retryAfter: 90_000 });
  await clock.advance(89_999);
  assertEquals(await look(), "open");
  await clock.advance(1);
  await breaker.fail("a", { probe: await claim() });
  await clock.advance(20_000);
  assertEquals(await look(), "due");
});
