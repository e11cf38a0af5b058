import { assertEquals, assertRejects } from "@std/assert";
import { FakeClock } from "../mod.ts";

Deno.test("FakeClock calls back in the order of time", async () => {
  const clock = new FakeClock(1_000);
  const calls: string[] = [];
  clock.setTimeout(() => calls.push(`late at ${clock.now()}`), 30);
  clock.setTimeout(() => {
    calls.push(`soon at ${clock.now()}`);
    clock.setTimeout(() => calls.push(`then at ${clock.now()}`), 5);
  }, 10);
  await clock.advance(9);
  assertEquals(calls, []);
  await clock.advance(30);
  assertEquals(calls, ["soon at 1010", "then at 1015", "late at 1030"]);
  assertEquals([clock.now(), clock.timers], [1_039, 0]);
});

Deno.test("FakeClock forgets a timer that is taken back", async () => {
  const clock = new FakeClock();
  const timer = clock.setTimeout(() => {
    throw new Error("It was taken back");
  }, 1);
  assertEquals(clock.waits, [1]);
  clock.clearTimeout(timer);
  await clock.advance(2);
  assertEquals(clock.waits, []);
});

Deno.test("FakeClock skips the waits of a promise", async () => {
  const clock = new FakeClock();
  const waits: number[] = [];
  const sleep = (ms: number) =>
    new Promise<void>((resolve) => clock.setTimeout(resolve, ms));
  const slept = async () => {
    await sleep(60_000);
    await sleep(5);
    return "awake";
  };
  const result = await clock.skipWaits(slept(), (ms) => waits.push(ms));
  assertEquals([result, waits], ["awake", [60_000, 5]]);
});

Deno.test("FakeClock rejects as the promise does whose waits it skips", async () => {
  const error = await assertRejects(() =>
    new FakeClock().skipWaits(Promise.reject(new RangeError("no")))
  );
  assertEquals(String(error), "RangeError: no");
});

Deno.test("FakeClock tells where a promise waits for something else than time", async () => {
  await assertRejects(
    () => new FakeClock().skipWaits(new Promise(() => {})),
    Error,
    "does not settle",
  );
});
