import { pickRandom, type Random, randomInt } from "../_random.ts";
import { randomCaller } from "./_random_caller.ts";
import { FORGETS, randomFaults } from "./_random_faults.ts";
import { chance, randomHabits, randomTime } from "./_random_server.ts";
import {
  type CallerPlan,
  PLAIN_GATEWAY,
  type ServerPlan,
  type Step,
  type StoreTrouble,
  type World,
} from "./_world.ts";

/** Who asks for a few words. */
const PLAIN_CALLER: CallerPlan = {
  question: 0,
  words: 2,
  instance: 0,
  form: "result",
  stream: true,
};

/** A world with nothing but one server, which many ask. */
const PLAIN: Omit<World, "seed" | "steps"> = {
  over: "provider",
  isOneVoice: false,
  servers: [{ kind: "openai", delay: 0, pace: 0, maxRetries: 4 }],
  instances: 1,
  failover: {},
  gateway: PLAIN_GATEWAY,
};

/** Lets many ask, each at its time. */
function ask(
  count: number,
  toStep: (question: number) => Partial<CallerPlan> & { readonly at: number },
): readonly Step[] {
  return Array.from({ length: count }, (_, question) => {
    const { at, ...caller } = toStep(question);
    return { at, do: "ask", caller: { ...PLAIN_CALLER, ...caller, question } };
  });
}

function inOrder(steps: readonly Step[]): readonly Step[] {
  return steps.toSorted((a, b) => a.at - b.at);
}

/** A server that is fast, and breaks off. */
export function randomFragile(random: Random): ServerPlan {
  const isOpenAi = !chance(random, 0.12);
  return {
    kind: isOpenAi ? "openai" : "chat-ui",
    delay: pickRandom(random, [0, 5, 300]),
    pace: pickRandom(random, [0, 3, 70]),
    ...isOpenAi ? randomHabits(random) : { isNewest: true },
    maxRetries: pickRandom(random, [0, 1, 2]),
  };
}

/** Many answers break off, one after the other. */
export function randomBreaks(
  random: Random,
  world: Pick<World, "servers" | "instances" | "over">,
): readonly Step[] {
  const asks = ask(2 + randomInt(random, 6), (question) => {
    const { words, ...caller } = randomCaller(random, question, world);
    return {
      ...caller,
      at: randomTime(random, 20_000),
      words: caller.form === "pictures" ? words : 2 + randomInt(random, 10),
    };
  });
  const breaks = world.servers.map(({ kind }, server): Step => ({
    at: 0,
    do: "befall",
    server,
    faults: randomFaults(random, kind, "break"),
    times: 1 + randomInt(random, 6),
  }));
  return inOrder([...breaks, ...asks]);
}

/** A server is down twice, and everybody tries again and again. */
export function randomStorm(seed: number, random: Random): World {
  const faults = randomFaults(random, "openai", "storm");
  const fail = { do: "befall", server: 0, faults, times: null } as const;
  const steps: readonly Step[] = [
    { at: 0, ...fail },
    { at: 5_000, do: "mend", server: 0 },
    { at: 7_000, ...fail },
    ...ask(40, () => ({ at: randomTime(random, 10_000) })),
  ];
  return { ...PLAIN, seed, steps: inOrder(steps) };
}

/** Two chats go on at a server that keeps them, and at one that does not. */
export function randomChats(seed: number, random: Random): World {
  const over = pickRandom(random, ["failover", "failover", "gateway"] as const);
  const chatUi = { kind: "chat-ui" as const, isNewest: chance(random, 0.7) };
  const other = { kind: "openai" as const, ...randomHabits(random) };
  const servers = [chatUi, other].map((server): ServerPlan => ({
    ...server,
    delay: 5,
    pace: 3,
    maxRetries: 1,
  }));
  const asks = ask(8, (question) => ({
    ...randomCaller(random, question, { servers, instances: 2, over }),
    at: 10_000 * question,
    words: 2 + randomInt(random, 8),
    form: over === "gateway" ? "chunks" : "events",
    chat: randomInt(random, 2),
  }));
  const befalls = [0, 1, 2].map((server): Step => ({
    at: randomInt(random, 70_000),
    do: "befall",
    server: server % 2,
    faults: server === 2
      ? FORGETS
      : randomFaults(random, servers[server]?.kind ?? "openai", "break"),
    times: 1 + randomInt(random, 2),
  }));
  return {
    ...PLAIN,
    seed,
    over,
    isOneVoice: true,
    servers: chance(random, 0.5) ? servers : servers.toReversed(),
    instances: 2,
    failover: {
      onPartial: pickRandom(random, ["restart", "match", "continue", "hold"]),
      strategy: pickRandom(random, ["ordered", "round-robin"]),
    },
    steps: inOrder([...befalls, ...asks]),
  };
}

/** What befalls the store that many instances count in. */
const COUNTING_TROUBLES: readonly StoreTrouble[] = [
  { type: "none" },
  { type: "lag", ms: 700 },
  { type: "fail" },
  { type: "silent" },
  { type: "lost-reply" },
];

/** Many ask for little, and nothing befalls but the store that counts them. */
export function randomCrowd(seed: number, random: Random): World {
  const isGateway = chance(random, 0.5);
  const instances = pickRandom(random, [1, 1, 2]);
  const servers = Array.from(
    { length: 2 + randomInt(random, 2) },
    (): ServerPlan => ({
      kind: "openai",
      delay: pickRandom(random, [0, 5, 300, 1_500]),
      pace: pickRandom(random, [0, 3]),
      weight: pickRandom(random, [0, 1, 20]),
      maxRetries: 1,
    }),
  );
  // A minute begins then.
  const border = pickRandom(random, [1_000, 60_000, 60_000]);
  const asks = ask(20, () => ({
    at: border - 1_000 +
      Math.round(pickRandom(random, [1_500, 30_000]) * random()),
    words: 1 + randomInt(random, 3),
    instance: randomInt(random, instances),
    form: isGateway ? "chunks" : "events",
  }));
  const trouble = pickRandom(random, COUNTING_TROUBLES);
  const isTroubled = isGateway && trouble.type !== "none";
  return {
    ...PLAIN,
    seed,
    over: isGateway ? "gateway" : "failover",
    servers,
    instances,
    failover: {
      strategy: pickRandom(random, ["weighted", "fastest", "round-robin"]),
      hedgeAfter: null,
    },
    gateway: {
      ...PLAIN_GATEWAY,
      requestsPerMinute: isGateway ? pickRandom(random, [3, 12]) : null,
      isShared: true,
    },
    steps: inOrder([
      ...isTroubled ? [{ at: 0, do: "trouble" as const, trouble }] : [],
      ...asks,
    ]),
  };
}

/** Nobody answers, each server for a reason of its own. */
export function randomOutage(seed: number, random: Random): World {
  const servers = [0, 1, 2].map((): ServerPlan => ({
    kind: "openai",
    delay: 5,
    pace: pickRandom(random, [0, 3]),
    maxRetries: randomInt(random, 2),
  }));
  const befalls = servers.map(({ kind }, server): Step => ({
    at: 0,
    do: "befall",
    server,
    faults: randomFaults(
      random,
      kind,
      pickRandom(random, ["status", "status", "head"]),
    ),
    times: pickRandom(random, [2, 3, null, null]),
  }));
  return {
    ...PLAIN,
    seed,
    over: "failover",
    servers,
    failover: {
      hedgeAfter: pickRandom(random, [null, 400, 10_000]),
      breaker: { failures: pickRandom(random, [1, 2]), coolDown: 5_000 },
    },
    steps: inOrder([
      ...befalls,
      ...ask(6, () => ({
        at: randomTime(random, 30_000),
        form: "events",
        maxRetryDelay: pickRandom(random, [undefined, 1_000]),
      })),
    ]),
  };
}
