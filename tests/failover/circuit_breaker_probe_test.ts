import { assertEquals } from "@std/assert";
import { createBreaker } from "./_breaker.ts";

Deno.test("CircuitBreaker lets one run probe once the cool-down is over", async () => {
  const { breaker, clock, look, failTimes, createOther } = createBreaker();
  await failTimes(3);
  await clock.advance(4_999);
  assertEquals(await look(), "open");
  assertEquals(await breaker.claimProbe("a"), undefined);
  await clock.advance(1);
  assertEquals(await look(), "due");
  const claims = await Promise.all(
    Array.from(
      { length: 20 },
      (_, index) => (index % 2 ? breaker : createOther()).claimProbe("a"),
    ),
  );
  assertEquals(claims.filter((claim) => claim !== undefined).length, 1);
  assertEquals(await look(), "open");
});

Deno.test("CircuitBreaker closes after a probe that goes well", async () => {
  const { breaker, clock, look, failTimes, claim, getState } = createBreaker();
  await failTimes(3);
  await clock.advance(5_000);
  await breaker.succeed("a", { probe: await claim(), firstTokenMs: 90 });
  assertEquals(await look(), "closed");
  assertEquals(await getState(), {
    failures: 0,
    firstTokenMs: 90,
    measuredAt: clock.now(),
  });
  await failTimes(2);
  assertEquals(await look(), "closed");
});

Deno.test("CircuitBreaker doubles the cool-down with each probe that fails, up to the longest", async () => {
  const { breaker, clock, look, failTimes, claim } = createBreaker({
    maxCoolDown: 30_000,
  });
  await failTimes(3);
  await clock.advance(5_000);
  for (const coolDown of [10_000, 20_000, 30_000, 30_000]) {
    await breaker.fail("a", { probe: await claim() });
    await clock.advance(coolDown - 1);
    assertEquals(await look(), "open");
    await clock.advance(1);
    assertEquals(await look(), "due");
  }
  await breaker.succeed("a", { probe: await claim() });
  await failTimes(3);
  await clock.advance(5_000);
  assertEquals(await look(), "due");
});

Deno.test("CircuitBreaker gives a probe back that tells nothing", async () => {
  const { breaker, clock, look, failTimes, claim, getState } = createBreaker();
  await failTimes(3);
  await clock.advance(5_000);
  await breaker.release("a", await claim());
  assertEquals(await look(), "due");
  await breaker.fail("a", { probe: await claim() });
  assertEquals(await getState(), {
    failures: 4,
    openUntil: 1_015_000,
    coolDown: 10_000,
  });
});

Deno.test("CircuitBreaker lets a probe lapse that is not heard of again", async () => {
  const { breaker, clock, look, failTimes, claim } = createBreaker();
  await failTimes(3);
  await clock.advance(5_000);
  const lost = await claim();
  await clock.advance(59_999);
  assertEquals(await look(), "open");
  await clock.advance(1);
  assertEquals(await look(), "due");

  const probe = await claim();
  // What becomes of the lost one has no say in the probe that follows it.
  await breaker.release("a", lost);
  await breaker.fail("a", { probe: lost });
  assertEquals(await look(), "open");
  assertEquals(await breaker.claimProbe("a"), undefined);
  await breaker.release("a", probe);
  assertEquals(await look(), "due");
});

Deno.test("CircuitBreaker closes after a probe that takes longer than its claim", async () => {
  const { breaker, clock, look, failTimes, claim } = createBreaker();
  await failTimes(3);
  await clock.advance(5_000);
  const slow = await claim();
  await clock.advance(60_000);
  await claim();
  await breaker.succeed("a", { probe: slow });
  assertEquals(await look(), "closed");
});

Deno.test("CircuitBreaker makes nothing of runs that began before a route opened", async () => {
  const { breaker, clock, look, failTimes, getState, claim } = createBreaker();
  await failTimes(3);
  const opened = await getState();
  await breaker.succeed("a");
  await failTimes(5);
  assertEquals(await getState(), opened);
  await clock.advance(6_000);
  await breaker.succeed("a");
  await failTimes(5);
  assertEquals(await look(), "due");
  assertEquals(await getState(), opened);
  const probe = await claim();
  await failTimes(5);
  await breaker.succeed("a");
  assertEquals(await getState(), {
    failures: 3,
    openUntil: 1_005_000,
    coolDown: 5_000,
    probeUntil: probe,
  });
});

Deno.test("CircuitBreaker lets a route be asked that has closed before the claim", async () => {
  const { breaker, claim, getState, look } = createBreaker();
  const probe = await claim();
  assertEquals(await getState(), undefined);
  await breaker.release("a", probe);
  await breaker.fail("a", { probe });
  assertEquals(await getState(), { failures: 1 });
  await breaker.succeed("a", { probe });
  assertEquals(await getState(), { failures: 0 });
  assertEquals(await look(), "closed");
});
