import { assertEquals } from "@std/assert";
import { createKeepAlive } from "../../http/keep_alive.ts";
import { FakeClock } from "@parley/testing";

function create(interval: number | null) {
  const clock = new FakeClock();
  const calls: number[] = [];
  const start = clock.now();
  const keepAlive = createKeepAlive({
    interval,
    clock,
    onSilence: () => calls.push(clock.now() - start),
  });
  return { clock, calls, keepAlive };
}

Deno.test("createKeepAlive() calls back each time that silence has lasted", async () => {
  const { clock, calls, keepAlive } = create(100);
  keepAlive.startSilence();
  await clock.advance(250);
  assertEquals(calls, [100, 200]);
  keepAlive.stop();
  await clock.advance(250);
  assertEquals([calls.length, clock.timers], [2, 0]);
});

Deno.test("createKeepAlive() counts silence from the last word, with one timer", async () => {
  const { clock, calls, keepAlive } = create(100);
  for (let round = 0; round < 5; round++) {
    keepAlive.startSilence();
    await clock.advance(40);
    keepAlive.endSilence();
    assertEquals(clock.timers <= 1, true);
  }
  keepAlive.startSilence();
  await clock.advance(99);
  assertEquals(calls, []);
  await clock.advance(1);
  assertEquals(calls, [300]);
  keepAlive.stop();
});

Deno.test("createKeepAlive() does not count time in which nobody waits", async () => {
  const { clock, calls, keepAlive } = create(100);
  keepAlive.startSilence();
  keepAlive.endSilence();
  await clock.advance(1_000);
  assertEquals([calls.length, clock.timers], [0, 0]);
});

Deno.test("createKeepAlive() is off without an interval", async () => {
  const { clock, calls, keepAlive } = create(null);
  keepAlive.startSilence();
  await clock.advance(1_000_000);
  assertEquals([calls.length, clock.timers], [0, 0]);
});
