import { assertEquals } from "@std/assert";
import { SilenceTimer } from "../../http/silence_timer.ts";
import { FakeClock } from "@parley/testing";

function create(shortest = 100) {
  const clock = new FakeClock();
  const calls: number[] = [];
  const start = clock.now();
  const timer = new SilenceTimer({
    shortest,
    clock,
    onSilence: () => calls.push(clock.now() - start),
  });
  return { clock, calls, timer };
}

Deno.test("SilenceTimer calls back each time that silence has lasted", async () => {
  const { clock, calls, timer } = create();
  timer.start(100);
  await clock.advance(250);
  assertEquals(calls, [100, 200]);
  timer.stop();
  await clock.advance(250);
  assertEquals([calls.length, clock.timers], [2, 0]);
});

Deno.test("SilenceTimer measures a silence from its beginning, with one timer", async () => {
  const { clock, calls, timer } = create();
  for (let round = 0; round < 5; round++) {
    timer.start(100);
    await clock.advance(40);
    assertEquals(clock.timers, 1);
  }
  timer.start(250);
  await clock.advance(249);
  assertEquals(calls, []);
  await clock.advance(1);
  assertEquals(calls, [450]);
  timer.stop();
});

Deno.test("SilenceTimer waits for ever where a silence may last for ever", async () => {
  for (const shortest of [100, Infinity]) {
    const { clock, calls, timer } = create(shortest);
    timer.start(Infinity);
    await clock.advance(1_000_000);
    assertEquals(calls, []);
    timer.stop();
    assertEquals(clock.timers, 0);
  }
});
