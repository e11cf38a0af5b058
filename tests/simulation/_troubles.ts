import { pickRandom, type Random, randomInt } from "../_random.ts";
import {
  ask,
  chance,
  type ParticularWorld,
  PLAIN_SERVER,
  POLICIES,
  randomFields,
  randomTime,
} from "./_plans.ts";
import { type FaultKind, randomFaults } from "./_random_faults.ts";
import { randomHabits } from "./_random_server.ts";
import type { CallerPlan, Step } from "./_world.ts";

/** What befalls several servers that are as fast as they are wanted to be. */
interface Trouble {
  /** For each server, how fast it is and of which kinds its faults are. */
  readonly servers: readonly (readonly [delay: number, ...FaultKind[]])[];
  /** How often they come. */
  readonly times: readonly (number | null)[];
  /** How many ask. */
  readonly counts: readonly number[];
  readonly hedges: readonly (number | null)[];
  readonly isNested?: boolean;
}

export const TROUBLES: Readonly<
  Record<"outage" | "race" | "rematch" | "chain" | "nest", Trouble>
> = {
  // Nobody answers, each server for a reason of its own.
  outage: {
    servers: Array(3).fill([5, "status", "status", "head"]),
    times: [2, 3, null, null],
    counts: [6],
    hedges: [null, 400, 10_000],
  },
  // Whoever answers first breaks off, and who was slower is asked again.
  race: {
    servers: [[1_500, "storm"], [5, "break"]],
    times: [2, null, null],
    counts: [6],
    hedges: [400],
  },
  // The same, until nobody may be asked again.
  rematch: {
    servers: [[1_500, "storm"], [5, "break"]],
    times: [null],
    counts: [120],
    hedges: [400],
  },
  // One answer breaks off after the other.
  chain: {
    servers: [[5, "break"], [300, "break"], [5, "break"]],
    times: [1, 2, null],
    counts: [6],
    hedges: [null],
  },
  // A route is a failover, of which the first route breaks off.
  nest: {
    servers: Array(3).fill([5, "break"]),
    times: [1, 2, 4],
    counts: [8],
    hedges: [null],
    isNested: true,
  },
};

export function randomTrouble(
  random: Random,
  { servers, times, counts, hedges, isNested = false }: Trouble,
): ReturnType<ParticularWorld> {
  const onPartial = pickRandom(random, POLICIES);
  const count = pickRandom(random, counts);
  const forms = ["events", "events", "batches", "result", "tools"] as const;
  const befalls = servers.map(([, ...kinds], server): Step => ({
    at: pickRandom(random, [0, 0, randomTime(random, 10_000)]),
    do: "befall",
    server,
    faults: randomFaults(random, "openai", pickRandom(random, kinds)),
    times: pickRandom(random, times),
  }));
  const isKv = chance(random, 0.15);
  const contend = { type: "contend" } as const;
  const asks = ask(count, () => ({
    at: randomTime(random, 15_000),
    form: pickRandom(random, forms),
    words: 2 + randomInt(random, 8),
    ...randomFields<CallerPlan>(random, {
      chat: [0.2, 0, 1],
      maxRetryDelay: [0.2, 1_000],
    }),
  }));
  return {
    over: "failover",
    isOneVoice: onPartial === "continue" || chance(random, 0.5),
    isNested,
    servers: servers.map(([delay]) => ({
      ...PLAIN_SERVER,
      delay,
      ...randomHabits(random, "openai"),
      most: undefined,
      maxRetries: randomInt(random, 3),
    })),
    failover: {
      onPartial,
      hedgeAfter: pickRandom(random, hedges),
      breaker: {
        failures: count > 10 ? 1_000 : pickRandom(random, [1, 2, 3]),
        coolDown: pickRandom(random, [1_000, 5_000]),
      },
    },
    // Those who keep what becomes of routes rival for it.
    isKv,
    steps: [
      ...isKv ? [{ at: 0, do: "trouble" as const, trouble: contend }] : [],
      ...befalls,
      ...asks,
    ],
  };
}
