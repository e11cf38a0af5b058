import { pickRandom, type Random, randomInt } from "../_random.ts";
import { randomCaller } from "./_random_caller.ts";
import { randomFaults } from "./_random_faults.ts";
import { chance, randomHabits, randomTime } from "./_random_server.ts";
import {
  PLAIN_GATEWAY,
  type ServerPlan,
  type Step,
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
