import { createRandom, type Fault } from "@parley/testing";
import { pickRandom, type Random, randomInt } from "../_random.ts";
import { randomCaller } from "./_random_caller.ts";
import { randomFaults } from "./_random_faults.ts";
import {
  PARTICULAR_WORLDS,
  randomBreaks,
  randomFragile,
} from "./_particular_worlds.ts";
import { chance, PLAIN, POLICIES, randomTime } from "./_plans.ts";
import { randomServer } from "./_random_server.ts";
import type {
  GatewayPlan,
  ServerPlan,
  Step,
  StoreTrouble,
  World,
} from "./_world.ts";

function randomTrouble(random: Random): StoreTrouble {
  return pickRandom<StoreTrouble>(random, [
    { type: "none" },
    { type: "lag", ms: pickRandom(random, [20, 700, 1_500, 4_000]) },
    { type: "fail" },
    { type: "lost-reply" },
    { type: "silent" },
    { type: "contend" },
  ]);
}

function randomGateway(random: Random): GatewayPlan {
  return {
    concurrency: pickRandom(random, [2, 4, 100]),
    concurrencyPerKey: pickRandom(random, [null, null, 2]),
    requestsPerMinute: pickRandom(random, [null, null, 3, 10]),
    isShared: chance(random, 0.6),
    keepAlive: pickRandom(random, [null, 2_000, 15_000]),
    holdHead: pickRandom(random, [null, null, 1_000]),
  };
}

function randomSteps(
  random: Random,
  world: Pick<World, "servers" | "instances" | "over">,
): readonly Step[] {
  const span = pickRandom(random, [500, 20_000, 120_000, 600_000]);
  const asked = 2 + randomInt(random, pickRandom(random, [3, 6, 6, 30]));
  const weather = pickRandom(random, [0, 2, 3, 6]);
  const at = () => randomTime(random, span);
  const steps: Step[] = [];
  for (let question = 0; question < asked; question++) {
    const caller = randomCaller(random, question, world);
    steps.push({ at: at(), do: "ask", caller });
  }
  for (const [server, { kind }] of world.servers.entries()) {
    for (let count = randomInt(random, 1 + weather); count > 0; count--) {
      const faults: readonly Fault[] = randomFaults(random, kind);
      const times = pickRandom(random, [1, 2, 3, 5, null]);
      const time = chance(random, 0.5) ? 0 : at();
      steps.push({ at: time, do: "befall", server, faults, times });
      if (times === null && chance(random, 0.7)) {
        steps.push({ at: at(), do: "mend", server });
      }
    }
  }
  if (chance(random, 0.3)) {
    steps.push({ at: at(), do: "trouble", trouble: randomTrouble(random) });
    steps.push({ at: at(), do: "trouble", trouble: randomTrouble(random) });
  }
  if (world.instances > 1 && chance(random, 0.4)) {
    const instance = randomInt(random, world.instances);
    steps.push({ at: at(), do: "die", instance });
  }
  if (chance(random, 0.1)) {
    const instance = randomInt(random, world.instances);
    const ms = pickRandom(random, JUMPS);
    steps.push({ at: at(), do: "jump", instance, ms });
  }
  return steps;
}

/** By how many milliseconds clocks are set. */
const JUMPS = [3_600_000, -3_600_000, 20_000, -20_000];

/** By how many milliseconds clocks are wrong. */
const SKEWS = [0, 0, 700, -2_000, 30_000, -45_000];

/** Makes a world of a seed, always the same. */
export function randomWorld(seed: number): World {
  const random = createRandom(seed);
  let place = random();
  for (const [share, toParticular] of PARTICULAR_WORLDS) {
    place -= share;
    if (place < 0) return inOrder({ ...PLAIN, ...toParticular(random), seed });
  }
  const isFragile = chance(random, 0.15);
  const over = pickRandom<World["over"]>(random, [
    isFragile ? "gateway" : "provider",
    "failover",
    "failover",
    "gateway",
  ]);
  const count = over === "provider" ? 1 : 1 + randomInt(random, 4);
  const onPartial = pickRandom(random, POLICIES);
  const isOneVoice = onPartial === "continue" || chance(random, 0.5);
  const drawn = Array.from(
    { length: isFragile ? Math.max(count, 2) : count },
    (): ServerPlan => ({
      ...isFragile ? randomFragile(random) : randomServer(random),
      // Who draws what is missing may be another.
      ...(isOneVoice && chance(random, 0.1) && { draws: "one" }),
      // Who goes on with an answer says the rest of it.
      ...(onPartial === "continue" &&
        { most: undefined, finalText: undefined }),
    }),
  );
  // There is but one of chat-ui: they have one name.
  const first = drawn.findIndex(({ kind }) => kind === "chat-ui");
  const servers = drawn.filter(({ kind }, index) =>
    kind !== "chat-ui" || index === first
  );
  const instances = pickRandom(random, [1, 1, 2, 3]);
  const toSteps = isFragile ? randomBreaks : randomSteps;
  return inOrder({
    seed,
    over,
    ...(chance(random, 0.3) && { isKv: true }),
    ...(instances > 1 && chance(random, 0.2) && {
      skew: Array.from({ length: instances }, () => pickRandom(random, SKEWS)),
    }),
    ...(over === "failover" && servers.length > 2 && chance(random, 0.6) && {
      isNested: true,
    }),
    isOneVoice,
    servers,
    instances,
    failover: {
      onPartial,
      strategy: pickRandom(random, [
        "ordered",
        "ordered",
        "round-robin",
        "weighted",
        "fastest",
      ]),
      hedgeAfter: pickRandom(random, [null, 400, 10_000]),
      breaker: {
        failures: pickRandom(random, [1, 2, 3]),
        coolDown: pickRandom(random, [1_000, 5_000]),
      },
    },
    gateway: randomGateway(random),
    steps: toSteps(random, { servers, instances, over }),
  });
}

function inOrder(world: World): World {
  return { ...world, steps: world.steps.toSorted((a, b) => a.at - b.at) };
}
