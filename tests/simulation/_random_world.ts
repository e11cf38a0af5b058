import { createRandom, type Fault } from "@parley/testing";
import { pickRandom, randomInt } from "../_random.ts";
import { randomCaller } from "./_random_caller.ts";
import { randomFaults } from "./_random_faults.ts";
import {
  type GatewayPlan,
  PLAIN_GATEWAY,
  type ServerPlan,
  type Step,
  type StoreTrouble,
  type World,
} from "./_world.ts";

type Random = () => number;

function chance(random: Random, share: number): boolean {
  return random() < share;
}

function randomServer(random: Random): ServerPlan {
  const kind = pickRandom(random, [
    ...Array<"openai">(16).fill("openai"),
    ...Array<"ai-chats">(3).fill("ai-chats"),
    "chat-ui" as const,
  ]);
  const pace = pickRandom(random, [0, 0, 3, 70, 900, 15_000]);
  return {
    kind,
    delay: pickRandom(random, [0, 5, 300, 1_500, 9_000, 25_000]),
    pace,
    // Words that wait for others may come too late where each takes long.
    ...(pace < 1_000 && chance(random, 0.3) && { piece: 3 }),
    ...(chance(random, 0.25) && {
      chunking: pickRandom(random, [{ size: 31 }, { size: 90 }, { size: 150 }]),
    }),
    ...(kind === "openai" && chance(random, 0.3) && { prefill: true }),
    maxRetries: pickRandom(random, [0, 1, 2, 2, 4]),
  };
}

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

/** A time within a span; many things happen at once. */
function randomTime(random: Random, span: number): number {
  const time = span * random();
  return chance(random, 0.5)
    ? Math.round(time / 1_000) * 1_000
    : Math.round(time);
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
  const weather = pickRandom(random, [0, 1, 2, 5]);
  const at = () => randomTime(random, span);
  const steps: Step[] = [];
  for (let question = 0; question < asked; question++) {
    const caller = randomCaller(random, question, world);
    steps.push({ at: at(), do: "ask", caller });
  }
  for (const [server, { kind }] of world.servers.entries()) {
    for (let count = randomInt(random, 1 + weather); count > 0; count--) {
      const faults: readonly Fault[] = randomFaults(random, kind);
      const times = pickRandom(random, [1, 1, 2, 5, null]);
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
  return steps.toSorted((a, b) => a.at - b.at);
}

/** A world with nothing but one server, which many ask. */
const STORM: Omit<World, "seed" | "steps"> = {
  over: "provider",
  isOneVoice: false,
  servers: [{ kind: "openai", delay: 0, pace: 0, maxRetries: 4 }],
  instances: 1,
  failover: {},
  gateway: PLAIN_GATEWAY,
};

/** A server is down twice, and everybody tries again and again. */
function randomStorm(seed: number, random: Random): World {
  const faults = randomFaults(random, "openai", "storm");
  const asks = Array.from({ length: 40 }, (_, question): Step => ({
    at: randomTime(random, 10_000),
    do: "ask",
    caller: { question, words: 2, instance: 0, form: "result", stream: true },
  }));
  const steps = [
    { at: 0, do: "befall" as const, server: 0, faults, times: null },
    { at: 5_000, do: "mend" as const, server: 0 },
    { at: 7_000, do: "befall" as const, server: 0, faults, times: null },
    ...asks,
  ].toSorted((a, b) => a.at - b.at);
  return { ...STORM, seed, steps };
}

/** Makes a world of a seed, always the same. */
export function randomWorld(seed: number): World {
  const random = createRandom(seed);
  if (chance(random, 0.015)) return randomStorm(seed, random);
  const over = pickRandom<World["over"]>(random, [
    "provider",
    "failover",
    "failover",
    "gateway",
  ]);
  const count = over === "provider" ? 1 : 1 + randomInt(random, 4);
  const servers = Array.from({ length: count }, () => randomServer(random));
  const onPartial = pickRandom(
    random,
    [
      "restart",
      "match",
      "continue",
      "hold",
      "error",
    ] as const,
  );
  const instances = pickRandom(random, [1, 1, 2, 3]);
  return {
    seed,
    over,
    isOneVoice: onPartial === "continue" || chance(random, 0.5),
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
    steps: randomSteps(random, { servers, instances, over }),
  };
}
