// A first route that is down for a while, under requests that go on coming.
import { assert, assertEquals } from "@std/assert";
import { createFailover } from "../../failover/mod.ts";
import type { ChatResult } from "../../mod.ts";
import { FakeClock, flush } from "@parley/testing";
import { settle } from "../fuzz/_settle.ts";
import { createActor, type Failure } from "./_actors.ts";
import { toWallAnswer } from "./_wall_answer.ts";
import { createSituation } from "./_wall_failover.ts";

/** Lets time pass, and everything that is due in it happen in its order. */
async function pass(clock: FakeClock, ms: number): Promise<void> {
  const end = clock.now() + ms;
  while (clock.now() < end) {
    await flush();
    const [wait = Infinity] = clock.waits;
    await clock.advance(Math.min(wait, end - clock.now()));
  }
  await flush();
}

/** What became of requests at regular times. */
interface Outage {
  readonly results: readonly ChatResult[];
  /** When the first route was asked, in milliseconds from the beginning. */
  readonly times: readonly number[];
}

async function outlast(
  outage: number,
  count: number,
  interval: number,
): Promise<Outage> {
  const { wall, clock, failover } = createSituation(["flapping", "whole"], {
    outage,
  });
  const asked: Promise<ChatResult>[] = [];
  while (asked.length < count) {
    asked.push(failover.generate("Hello"));
    await pass(clock, interval);
  }
  const results = await Promise.all(asked);
  assertEquals(clock.timers, 0);
  for (const { text, model } of results) {
    assertEquals(text, toWallAnswer(model));
  }
  return { results, times: wall.toTimes("flapping") };
}

function assertMended({ results }: Outage, outage: number, interval: number) {
  const first = results.findIndex(({ model }) => model === "flapping");
  assert(first * interval >= outage);
  assert(first * interval <= outage + 30_000);
  // It has closed: all that come later are served by it.
  assert(results.slice(first).every(({ model }) => model === "flapping"));
}

Deno.test("a route that is down for a minute is left alone, probed and used again", async () => {
  const outage = await outlast(60_000, 20, 4_000);
  assertMended(outage, 60_000, 4_000);
  const { times, results } = outage;
  const down = times.filter((time) => time < 60_000);
  // Three runs of three attempts open it; a probe is one attempt.
  assert(down.length <= 14, `It is asked ${down.length} times`);
  const probes = down.filter((time) => time > 12_000);
  assert(probes.length >= 2);
  for (const [index, time] of probes.slice(1).entries()) {
    assert(time - (probes[index] ?? 0) >= 5_000);
  }
  // While it is left alone, nobody waits for it.
  const fast = results.filter(({ attempts }) => attempts.length === 1);
  assert(fast.length >= 10);
});

Deno.test("a route that is down for some seconds is soon used again", async () => {
  const outage = await outlast(6_000, 10, 1_200);
  assertMended(outage, 6_000, 1_200);
  const down = outage.times.filter((time) => time < 6_000);
  assert(down.length <= 12, `It is asked ${down.length} times`);
});

Deno.test("a route that stays down is asked with measure", async () => {
  const { wall, clock, failover } = createSituation(["down", "whole"]);
  const asked: Promise<ChatResult>[] = [];
  while (asked.length < 150) {
    asked.push(failover.generate("Hello"));
    await pass(clock, 2_000);
  }
  for (const { text } of await Promise.all(asked)) {
    assertEquals(text, toWallAnswer("whole"));
  }
  // Five minutes: nine attempts, and at last a probe each ten seconds.
  assert(wall.toTimes("down").length <= 40);
});

Deno.test("many requests at once make one probe", async () => {
  const { wall, clock, failover } = createSituation(["flapping", "whole"], {
    breaker: { failures: 1 },
    outage: 20_000,
  });
  const ask = async (count: number) => {
    const asked = Array.from({ length: count }, () => failover.generate("Hi"));
    await pass(clock, 2_000);
    return await Promise.all(asked);
  };
  await ask(1);
  const before = wall.toTimes("flapping").length;
  await pass(clock, 10_000);
  await ask(50);
  assertEquals(wall.toTimes("flapping").length, before + 1);
  assertEquals(wall.toTimes("whole").length, 51);
});

Deno.test("a route that is too slow is left alone for as long as it asks", async () => {
  const clock = new FakeClock();
  const limit: Failure = {
    code: "rate-limit",
    retryable: true,
    retryAfter: 5_000,
  };
  const a = createActor("A", [[limit]], { clock, options: { maxRetries: 1 } });
  const b = createActor("B", [["B"]], { clock });
  const failover = createFailover([a.provider, b.provider], {
    clock,
    hedgeAfter: 1_000,
    breaker: { coolDown: 1_000 },
  });
  for (const wait of [0, 3_000, 3_000]) {
    await clock.advance(wait);
    await settle(clock, failover.generate("Hi"));
  }
  assertEquals(a.runs.length, 2);
});
