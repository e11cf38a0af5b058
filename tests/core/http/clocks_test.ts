import { assert, assertEquals, assertGreater } from "@std/assert";
import { Clocks } from "../../../core/http/clocks.ts";
import { SYSTEM_CLOCK } from "../../../core/streams/clock.ts";
import { FakeClock } from "../../../packages/testing/fake_clock.ts";

const LIMITS = { headers: 30, firstToken: 60, idle: 50, total: 1000 };
const OFF = { headers: null, firstToken: null, idle: null, total: null };

function create(limits: Partial<typeof OFF | typeof LIMITS> = {}) {
  const clock = new FakeClock();
  const timeouts: string[] = [];
  const clocks = new Clocks(
    clock,
    { ...LIMITS, ...limits },
    (phase, ms) => timeouts.push(`${phase} ${ms}`),
  );
  return { clock, clocks, timeouts };
}

Deno.test("Clocks tells that the whole run took too long", async () => {
  const { clock, clocks, timeouts } = create();
  clocks.start("total");
  await clock.advance(999);
  assertEquals(timeouts, []);
  await clock.advance(1);
  assertEquals(timeouts, ["total 1000"]);
});

Deno.test("Clocks tells that headers took too long, unless stopped", async () => {
  const { clock, clocks, timeouts } = create();
  clocks.start("headers")();
  await clock.advance(100);
  assertEquals(timeouts, []);
  clocks.start("headers");
  await clock.advance(30);
  assertEquals(timeouts, ["headers 30"]);
});

Deno.test("Clocks waits longer for the first token than for the next", async () => {
  const { clock, clocks, timeouts } = create();
  clocks.startAttempt();
  clocks.wait();
  await clock.advance(59);
  clocks.receive(true);
  clocks.wait();
  await clock.advance(49);
  assertEquals(timeouts, []);
  await clock.advance(1);
  assertEquals(timeouts, ["idle 50"]);
});

Deno.test("Clocks tells that no first token came", async () => {
  const { clock, clocks, timeouts } = create();
  clocks.startAttempt();
  clocks.wait();
  await clock.advance(60);
  assertEquals(timeouts, ["first-token 60"]);
});

Deno.test("Clocks goes on with a wait that has begun", async () => {
  const { clock, clocks, timeouts } = create();
  clocks.startAttempt();
  for (let count = 0; count < 3; count++) {
    clocks.wait();
    await clock.advance(20);
  }
  assertEquals(timeouts, ["first-token 60"]);
});

Deno.test("Clocks does not take keep-alives for content [M05]", async () => {
  const { clock, clocks, timeouts } = create();
  clocks.startAttempt();
  for (let count = 0; count < 5; count++) {
    clocks.wait();
    await clock.advance(10);
    clocks.receive(false);
  }
  clocks.wait();
  await clock.advance(9);
  assertEquals(timeouts, []);
  await clock.advance(1);
  assertEquals(timeouts, ["first-token 60"]);
});

Deno.test("Clocks does not count the time that the reader takes", async () => {
  const { clock, clocks, timeouts } = create();
  clocks.startAttempt();
  for (let count = 0; count < 5; count++) {
    clocks.wait();
    await clock.advance(20);
    clocks.receive(true);
    await clock.advance(300);
  }
  assertEquals(timeouts, []);
  clocks.wait();
  await clock.advance(50);
  assertEquals(timeouts, ["idle 50"]);
});

Deno.test("Clocks adds up silence that is read in pieces", async () => {
  const { clock, clocks, timeouts } = create();
  clocks.startAttempt();
  clocks.wait();
  await clock.advance(10);
  clocks.receive(true);
  for (let count = 0; count < 4; count++) {
    clocks.wait();
    await clock.advance(10);
    clocks.receive(false);
    await clock.advance(500);
  }
  clocks.wait();
  await clock.advance(9);
  assertEquals(timeouts, []);
  await clock.advance(1);
  assertEquals(timeouts, ["idle 50"]);
});

Deno.test("Clocks waits for a first token anew in each attempt", async () => {
  const { clock, clocks, timeouts } = create();
  clocks.startAttempt();
  clocks.wait();
  await clock.advance(40);
  clocks.receive(false);
  clocks.startAttempt();
  clocks.wait();
  await clock.advance(59);
  assertEquals(timeouts, []);
  await clock.advance(1);
  assertEquals(timeouts, ["first-token 60"]);
});

Deno.test("Clocks.progress() is content while the run waits on", async () => {
  const { clock, clocks, timeouts } = create();
  clocks.startAttempt();
  clocks.wait();
  for (let count = 0; count < 10; count++) {
    await clock.advance(40);
    clocks.progress();
  }
  assertEquals(timeouts, []);
  await clock.advance(50);
  assertEquals(timeouts, ["idle 50"]);
});

Deno.test("Clocks.settle() ends the watch for silence, and leaves the rest where the whole takes too long", async () => {
  const { clock, clocks, timeouts } = create();
  let left = 0;
  clocks.start("total");
  clocks.startAttempt();
  clocks.wait();
  clocks.settle(() => void left++);
  clocks.wait();
  await clock.advance(999);
  assertEquals(left, 0);
  await clock.advance(1);
  assertEquals([left, timeouts], [1, []]);
});

Deno.test("Clocks.startAttempt() watches again what was settled", async () => {
  const { clock, clocks, timeouts } = create();
  clocks.startAttempt();
  clocks.wait();
  clocks.settle(() => {});
  clocks.startAttempt();
  clocks.wait();
  await clock.advance(200);
  assertEquals(timeouts, ["first-token 60"]);
});

Deno.test("Clocks that are off never run out and set no timer [M08]", async () => {
  const { clock, clocks, timeouts } = create(OFF);
  clocks.start("total");
  clocks.start("headers");
  clocks.startAttempt();
  clocks.wait();
  clocks.receive(true);
  clocks.wait();
  assertEquals(clock.timers, 0);
  await clock.advance(1_000_000);
  assertEquals(timeouts, []);
});

Deno.test("Clocks.stop() leaves no timer [M09]", () => {
  const { clock, clocks } = create();
  clocks.start("total");
  clocks.start("headers");
  clocks.wait();
  assertEquals(clock.timers, 1);
  clocks.stop();
  assertEquals(clock.timers, 0);
});

Deno.test("Clocks sets no timer for each piece of a fast answer", () => {
  const { clock, clocks } = create();
  let set = 0;
  const setTimeout = clock.setTimeout.bind(clock);
  clock.setTimeout = (callback, ms) => {
    set++;
    return setTimeout(callback, ms);
  };
  clocks.startAttempt();
  for (let count = 0; count < 1000; count++) {
    clocks.wait();
    clocks.receive(true);
  }
  assert(set <= 2);
  assert(clock.timers <= 1);
});

Deno.test("Clocks.sleep() waits so long", async () => {
  const { clock, clocks } = create();
  let isOver = false;
  const { signal } = new AbortController();
  const sleep = clocks.sleep(500, signal).then(() => isOver = true);
  await clock.advance(499);
  assert(!isOver);
  await clock.advance(1);
  await sleep;
  assert(isOver);
});

Deno.test("Clocks.sleep() ends with its signal, and leaves no timer", async () => {
  const { clock, clocks } = create();
  const controller = new AbortController();
  const sleep = clocks.sleep(500, controller.signal);
  controller.abort("stop");
  assertEquals(await sleep.catch((error) => error), "stop");
  assertEquals(clock.timers, 0);
});

Deno.test("SYSTEM_CLOCK tells the time since 1970 and never goes back", () => {
  const before = Date.now();
  const now = SYSTEM_CLOCK.now();
  // The two clocks of the platform may drift apart a little.
  assertGreater(now, before - 60_000);
  assertGreater(before + 60_000, now);
  assert(SYSTEM_CLOCK.now() >= now);
});

Deno.test("SYSTEM_CLOCK calls back once, unless it is taken back", async () => {
  const { promise, resolve } = Promise.withResolvers<string>();
  const taken = SYSTEM_CLOCK.setTimeout(() => resolve("taken back"), 0);
  SYSTEM_CLOCK.clearTimeout(taken);
  SYSTEM_CLOCK.setTimeout(() => resolve("called"), 0);
  assertEquals(await promise, "called");
});
