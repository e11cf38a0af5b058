import { pickRandom, type Random, randomInt } from "../_random.ts";
import { randomCaller } from "./_random_caller.ts";
import { FORGETS, randomFaults } from "./_random_faults.ts";
import { chance, randomHabits, randomTime } from "./_random_server.ts";
import {
  PLAIN_GATEWAY,
  type ServerPlan,
  type Step,
  type StoreTrouble,
  type World,
} from "./_world.ts";

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
  const asks = Array.from(
    { length: 2 + randomInt(random, 6) },
    (_, question): Step => {
      const caller = randomCaller(random, question, world);
      const words = caller.form === "pictures"
        ? caller.words
        : 2 + randomInt(random, 10);
      const at = randomTime(random, 20_000);
      return { at, do: "ask", caller: { ...caller, words } };
    },
  );
  const breaks = world.servers.map(({ kind }, server): Step => ({
    at: 0,
    do: "befall",
    server,
    faults: randomFaults(random, kind, "break"),
    times: 1 + randomInt(random, 6),
  }));
  return [...breaks, ...asks].toSorted((a, b) => a.at - b.at);
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
export function randomStorm(seed: number, random: Random): World {
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
  const asks = Array.from({ length: 8 }, (_, question): Step => ({
    at: 10_000 * question,
    do: "ask",
    caller: {
      ...randomCaller(random, question, { servers, instances: 2, over }),
      words: 2 + randomInt(random, 8),
      form: over === "gateway" ? "chunks" : "events",
      chat: randomInt(random, 2),
    },
  }));
  const befalls = Array.from({ length: 3 }, (_, server): Step => ({
    at: randomInt(random, 70_000),
    do: "befall",
    server: server % 2,
    faults: server === 2
      ? FORGETS
      : randomFaults(random, servers[server]?.kind ?? "openai", "break"),
    times: 1 + randomInt(random, 2),
  }));
  return {
    ...STORM,
    seed,
    over,
    isOneVoice: true,
    servers: chance(random, 0.5) ? servers : servers.toReversed(),
    instances: 2,
    failover: {
      onPartial: pickRandom(random, ["restart", "match", "continue", "hold"]),
      strategy: pickRandom(random, ["ordered", "round-robin"]),
    },
    steps: [...befalls, ...asks].toSorted((a, b) => a.at - b.at),
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
  const over = pickRandom(random, ["failover", "gateway"] as const);
  const isGateway = over === "gateway";
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
  const border = pickRandom(random, [0, 60_000, 60_000]);
  const asks = Array.from({ length: 20 }, (_, question): Step => ({
    at: border + Math.round(pickRandom(random, [1_500, 30_000]) * random()) -
      (border === 0 ? 0 : 1_000),
    do: "ask",
    caller: {
      question,
      words: 1 + randomInt(random, 3),
      instance: randomInt(random, instances),
      form: isGateway ? "chunks" : "events",
      stream: true,
    },
  }));
  const trouble = pickRandom(random, COUNTING_TROUBLES);
  const steps = [
    ...isGateway && trouble.type !== "none"
      ? [{ at: 0, do: "trouble" as const, trouble }]
      : [],
    ...asks,
  ];
  return {
    seed,
    over,
    isOneVoice: false,
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
    steps: steps.toSorted((a, b) => a.at - b.at),
  };
}
