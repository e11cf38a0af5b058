import { assertEquals } from "@std/assert";
import { createSilenceTimer } from "../../http/silence_timer.ts";
import { FakeClock } from "@parley/testing";

function create(interval: number | null) {
  const clock = new FakeClock();
  const calls: number[] = [];
  const start = clock.now();
  const timer = createSilenceTimer({
    interval,
    clock,
    onSilence: () => calls.push(clock.now() - start),
  });
  return { clock, calls, timer };
}

Deno.test("createSilenceTimer() calls back each time that silence has lasted", async () => {
  const { clock, calls, timer } = create(100);
  timer.start();
  await clock.advance(250);
  assertEquals(calls, [100, 200]);
  timer.stop();
  await clock.advance(250);
  assertEquals([calls.length, clock.timers], [2, 0]);
});

Deno.test("createSilenceTimer() counts silence from the last word, with one timer", async () => {
  const { clock, calls, timer } = create(100);
  for (let round = 0; round < 5; round++) {
    timer.start();
    await clock.advance(40);
    timer.pause();
    assertEquals(clock.timers <= 1, true);
  }
  timer.start();
  await clock.advance(99);
  assertEquals(calls, []);
  await clock.advance(1);
  assertEquals(calls, [300]);
  timer.stop();
});

Deno.test("createSilenceTimer() does not count time in which nobody waits", async () => {
  const { clock, calls, timer } = create(100);
  timer.start();
  timer.pause();
  await clock.advance(1_000);
  assertEquals([calls.length, clock.timers], [0, 0]);
});

Deno.test("createSilenceTimer() is off without an interval", async () => {
  const { clock, calls, timer } = create(null);
  timer.start();
  await clock.advance(1_000_000);
  assertEquals([calls.length, clock.timers], [0, 0]);
});
