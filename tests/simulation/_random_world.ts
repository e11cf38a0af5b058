import { createRandom, type Fault } from "@parley/testing";
import { pickRandom, randomInt } from "../_random.ts";
import { randomFaults } from "./_random_faults.ts";
import type {
  CallerPlan,
  GatewayPlan,
  ReadForm,
  ServerPlan,
  Step,
  StoreTrouble,
  World,
} from "./_world.ts";

type Random = () => number;

/** Longer than any answer takes, in milliseconds of pauses between tokens. */
const LONGEST_ANSWER = 150_000;

function chance(random: Random, share: number): boolean {
  return random() < share;
}

function randomServer(random: Random): ServerPlan {
  const kind = pickRandom(random, [
    ...Array<"openai">(16).fill("openai"),
    ...Array<"ai-chats">(3).fill("ai-chats"),
    "chat-ui" as const,
  ]);
  return {
    kind,
    delay: pickRandom(random, [0, 5, 300, 1_500, 9_000, 12_000]),
    pace: pickRandom(random, [0, 0, 3, 70, 900, 15_000]),
    ...(chance(random, 0.2) && {
      chunking: pickRandom(random, [{ size: 31 }, { size: 90 }, { size: 150 }]),
    }),
    ...(chance(random, 0.3) && { prefill: true }),
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

function randomCaller(
  random: Random,
  question: number,
  world: Pick<World, "servers" | "instances" | "over">,
): CallerPlan {
  const slowest = Math.max(...world.servers.map(({ pace }) => pace), 1);
  const words = Math.min(
    randomInt(random, pickRandom(random, [3, 8, 24])) + 1,
    1 + Math.floor(LONGEST_ANSWER / slowest),
  );
  const form = pickRandom<ReadForm>(random, [
    "events",
    "events",
    "batches",
    "result",
    "textStream",
    "readable",
    ...(world.servers.every(({ kind }) => kind === "openai") &&
        world.over !== "gateway"
      ? ["tools" as const]
      : []),
  ]);
  return {
    question,
    words,
    instance: randomInt(random, world.instances),
    form,
    stream: !chance(random, 0.15),
    ...(chance(random, 0.3) && { pace: pickRandom(random, [1, 50, 2_000]) }),
    ...(chance(random, 0.1) && {
      pause: {
        after: randomInt(random, 6),
        ms: pickRandom(random, [10_000, 25_000, 70_000]),
      },
    }),
    ...(chance(random, 0.2) && {
      leave: {
        how: pickRandom(random, ["abort", "return"]),
        after: Math.round(
          pickRandom(random, [1, 500, 10_000, 40_000]) * random(),
        ),
      },
    }),
    ...(chance(random, 0.04) && {
      wrong: pickRandom(random, ["role", "temperature", "empty", "model"]),
    }),
    ...(chance(random, 0.4) && { chat: randomInt(random, 2) }),
    ...(chance(random, 0.4) && { key: 1 }),
  };
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

/** One server is down, and everybody tries again and again. */
function randomStorm(
  random: Random,
  [server]: World["servers"],
): readonly Step[] {
  const faults = randomFaults(random, server?.kind ?? "openai", "status");
  return [{ at: 0, do: "befall", server: 0, faults, times: null }];
}

function randomSteps(
  random: Random,
  world: Pick<World, "servers" | "instances" | "over">,
): readonly Step[] {
  const isStorm = chance(random, 0.03);
  const span = isStorm
    ? 120_000
    : pickRandom(random, [500, 20_000, 120_000, 600_000]);
  const asked = isStorm
    ? 60
    : 2 + randomInt(random, pickRandom(random, [3, 6, 6, 30]));
  const weather = pickRandom(random, [0, 1, 2, 5]);
  const at = () => randomTime(random, span);
  const steps: Step[] = isStorm ? [...randomStorm(random, world.servers)] : [];
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

/** Makes a world of a seed, always the same. */
export function randomWorld(seed: number): World {
  const random = createRandom(seed);
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
