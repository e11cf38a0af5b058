import { assert, assertEquals } from "@std/assert";
import { createCircuitBreaker } from "../../failover/circuit_breaker.ts";
import {
  createKvStore,
  createMemoryStore,
  type RouteStore,
} from "../../failover/mod.ts";
import { pickRandom, randomInt } from "../_random.ts";
import { fuzz } from "../fuzz/_cases.ts";
import { BreakerModel } from "./_breaker_model.ts";

const KEYS = ["a", "b"];

/** Lets isolates do random things to routes, and compares with the model. */
async function compare(
  store: RouteStore,
  random: () => number,
  steps: number,
): Promise<void> {
  let now = 1_000_000;
  const clock = {
    now: () => now,
    setTimeout: () => undefined,
    clearTimeout: () => {},
  };
  const limits = {
    failures: 1 + randomInt(random, 4),
    coolDown: 1_000,
    maxCoolDown: 1_000 * (1 + randomInt(random, 9)),
    probeTime: 5_000,
  };
  const isolates = [1, 2, 3].map(() =>
    createCircuitBreaker(store, { ...limits, clock })
  );
  const models = new Map(KEYS.map((key) => [
    key,
    new BreakerModel(
      limits.failures,
      limits.coolDown,
      limits.maxCoolDown,
      limits.probeTime,
    ),
  ]));
  const probes: number[] = [];

  async function check(): Promise<void> {
    const looks = await pickRandom(random, isolates).look(KEYS);
    for (const { key, isOpen, isDue } of looks) {
      const actual = isDue ? "due" : isOpen ? "open" : "closed";
      assertEquals(actual, models.get(key)?.look(now));
    }
  }

  async function act(): Promise<void> {
    const key = pickRandom(random, KEYS);
    const model = models.get(key);
    assert(model !== undefined);
    const breaker = pickRandom(random, isolates);
    const probe = random() < 0.6 ? probes.at(-1) : pickRandom(random, probes);
    switch (randomInt(random, 6)) {
      case 0: {
        const claimed = await breaker.claimProbe(key);
        assertEquals(claimed !== undefined, model.claim(now));
        if (claimed !== undefined) probes.push(claimed);
        break;
      }
      case 1: {
        const isProbe = random() < 0.3 && probe !== undefined;
        await breaker.succeed(key, isProbe ? { probe } : {});
        model.succeed(isProbe);
        break;
      }
      case 2:
      case 3: {
        const given = random() < 0.5 ? probe : undefined;
        const retryAfter = random() < 0.2 ? randomInt(random, 1e6) : 0;
        await breaker.fail(key, { probe: given, retryAfter });
        model.fail(now, given, retryAfter);
        break;
      }
      case 4:
        if (probe === undefined) break;
        await breaker.release(key, probe);
        model.release(probe);
        break;
      default:
        now += randomInt(random, 4_000);
    }
    // No two claims have the same end, as no two moments are the same.
    now++;
  }

  for (let step = 0; step < steps; step++) {
    await act();
    await check();
  }
  // No route is left alone for ever.
  now += 600_000;
  for (const { isOpen, isDue } of await isolates[0]?.look(KEYS) ?? []) {
    assertEquals(isDue, isOpen);
  }
}

fuzz("CircuitBreaker does as its model does, in memory", async (random) => {
  await compare(createMemoryStore(), random, 40);
}, { share: 0.1 });

fuzz("CircuitBreaker does as its model does, in Deno KV", async (random) => {
  using kv = await Deno.openKv(":memory:");
  await compare(createKvStore(kv), random, 25);
}, { share: 0.005 });
