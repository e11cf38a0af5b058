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
import { randomCaller } from "./_random_caller.ts";
import { FORGETS, randomFaults } from "./_random_faults.ts";
import { randomHabits } from "./_random_server.ts";
import { randomTrouble, TROUBLES } from "./_troubles.ts";
import type {
  CallerPlan,
  ServerPlan,
  Step,
  StoreTrouble,
  World,
} from "./_world.ts";

/** A server that is fast, and breaks off. */
export function randomFragile(random: Random): ServerPlan {
  const kind = chance(random, 0.12) ? "chat-ui" : "openai";
  return {
    kind,
    delay: pickRandom(random, [0, 5, 300]),
    pace: pickRandom(random, [0, 3, 70]),
    ...randomHabits(random, kind),
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
  return [...breaks, ...asks];
}

/** A server is down, and everybody tries again and again. */
function randomStorm(random: Random): ReturnType<ParticularWorld> {
  const faults = randomFaults(random, "openai", "storm");
  const fail = { do: "befall", server: 0, faults, times: null } as const;
  const isTwice = chance(random, 0.6);
  return {
    servers: [{ ...PLAIN_SERVER, maxRetries: pickRandom(random, [4, 7]) }],
    steps: [
      { at: 0, ...fail },
      { at: isTwice ? 5_000 : 2_000, do: "mend", server: 0 },
      ...isTwice ? [{ at: 7_000, ...fail }] : [],
      ...ask(30, () => ({
        at: randomTime(random, isTwice ? 10_000 : 1_000),
        ...randomFields<CallerPlan>(random, { total: [0.2, 2_000] }),
      })),
    ],
  };
}

/** Two chats go on at a server that keeps them, and at one that does not. */
function randomChats(random: Random): ReturnType<ParticularWorld> {
  const over = pickRandom(
    random,
    ["provider", "failover", "failover", "gateway"] as const,
  );
  const kinds = pickRandom(
    random,
    [["chat-ui", "openai"], ["openai", "chat-ui"], ["chat-ui", "ai-chats"]],
  ) as readonly ServerPlan["kind"][];
  const onPartial = pickRandom(random, POLICIES);
  const servers = kinds.map((kind) => ({
    ...PLAIN_SERVER,
    kind,
    ...randomHabits(random, kind),
    most: undefined,
    ...(onPartial === "continue" && { finalText: undefined }),
  }));
  if (over === "provider") servers.length = 1;
  const asks = ask(8, (question) => ({
    ...randomCaller(random, question, { servers, instances: 2, over }),
    at: 10_000 * question,
    words: 2 + randomInt(random, pickRandom(random, [8, 40])),
    form: over === "gateway"
      ? "chunks"
      : pickRandom(random, ["events", "result"]),
    chat: randomInt(random, 2),
  }));
  const befalls = [0, 1, 2, 3].map((place): Step => {
    const server = place % servers.length;
    const { kind = "openai" } = servers[server] ?? {};
    return {
      at: randomInt(random, 70_000),
      do: "befall",
      server,
      faults: place === 3 ? FORGETS : randomFaults(random, kind, "break"),
      // The log of an answer breaks off as it does.
      times: pickRandom(random, [1, 2, 9]),
    };
  });
  return {
    over,
    isOneVoice: true,
    servers,
    instances: 2,
    failover: {
      onPartial,
      strategy: pickRandom(random, ["ordered", "round-robin"]),
    },
    steps: [...befalls, ...asks],
  };
}

/** An answer of chat-ui breaks off, its log does again and again, and is lost. */
function randomLogs(random: Random): ReturnType<ParticularWorld> {
  const befalls = Array.from({ length: 6 }, (_, place): readonly Step[] => {
    const at = 30_000 * place;
    const after = { events: 2 + randomInt(random, 12) };
    const cut = { type: "cut", after } as const;
    const times = pickRandom(random, [1, 2, 3, 9]);
    return [
      { at, do: "mend", server: 0 },
      { at, do: "befall", server: 0, faults: [cut], times },
      { at, do: "befall", server: 0, faults: FORGETS, times: 1 },
    ];
  });
  const asks = ask(befalls.length, (question) => ({
    at: 30_000 * question,
    words: 8 + randomInt(random, 50),
    form: pickRandom(random, ["events", "result"]),
  }));
  const habits = { isNewest: true, ...randomHabits(random, "chat-ui") };
  return {
    servers: [{ ...PLAIN_SERVER, kind: "chat-ui", ...habits }],
    steps: [...befalls.flat(), ...asks],
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
function randomCrowd(random: Random): ReturnType<ParticularWorld> {
  const isGateway = chance(random, 0.5);
  const instances = pickRandom(random, [1, 1, 2]);
  const servers = Array.from({ length: 2 + randomInt(random, 2) }, () => ({
    ...PLAIN_SERVER,
    delay: pickRandom(random, [0, 5, 300, 1_500]),
    pace: pickRandom(random, [0, 3]),
    weight: pickRandom(random, [0, 1, 20]),
  }));
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
    over: isGateway ? "gateway" : "failover",
    servers,
    instances,
    failover: {
      strategy: pickRandom(random, ["weighted", "fastest", "round-robin"]),
      hedgeAfter: null,
    },
    gateway: {
      requestsPerMinute: isGateway ? pickRandom(random, [3, 12]) : null,
      isShared: true,
    },
    steps: [
      ...isTroubled ? [{ at: 0, do: "trouble" as const, trouble }] : [],
      ...asks,
    ],
  };
}

/** Particular worlds, and their share of all. */
export const PARTICULAR_WORLDS: readonly (readonly [
  share: number,
  ParticularWorld,
])[] = [
  [0.015, randomStorm],
  [0.04, randomCrowd],
  [0.06, randomChats],
  [0.01, randomLogs],
  [0.03, (random) => randomTrouble(random, TROUBLES.outage)],
  [0.03, (random) => randomTrouble(random, TROUBLES.race)],
  [0.01, (random) => randomTrouble(random, TROUBLES.rematch)],
  [0.03, (random) => randomTrouble(random, TROUBLES.nest)],
  [0.03, (random) => randomTrouble(random, TROUBLES.chain)],
];
