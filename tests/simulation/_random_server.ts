import { pickRandom, type Random, randomInt } from "../_random.ts";
import type { ServerPlan } from "./_world.ts";

/** Whether something happens. */
export function chance(random: Random, share: number): boolean {
  return random() < share;
}

/** Makes a server. */
export function randomServer(random: Random): ServerPlan {
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
      chunking: pickRandom(random, [{ size: 7 }, { size: 31 }, { size: 150 }]),
    }),
    ...(kind !== "chat-ui" && chance(random, 0.4) && {
      lines: pickRandom(random, ["crlf", "noisy", "unended"]),
    }),
    ...(kind === "openai" && randomHabits(random)),
    ...(kind === "chat-ui" && chance(random, 0.6) && { isNewest: true }),
    maxRetries: pickRandom(random, [0, 1, 2, 2, 6]),
  };
}

/** What servers like OpenAI's do in several ways. */
export function randomHabits(random: Random): Partial<ServerPlan> {
  return {
    ...(chance(random, 0.4) && { prefill: true }),
    ...(chance(random, 0.3) && {
      usage: pickRandom(random, ["always", "in turns", "in turns"]),
    }),
    ...(chance(random, 0.25) && { splits: true }),
    ...(chance(random, 0.05) && { moved: true }),
    ...(chance(random, 0.15) && { thinks: true }),
    ...(chance(random, 0.1) && { most: 1 + randomInt(random, 6) }),
    ...(chance(random, 0.3) && { draws: "links" }),
  };
}

/** A time within a span; many things happen at once. */
export function randomTime(random: Random, span: number): number {
  const time = span * random();
  return chance(random, 0.5)
    ? Math.round(time / 1_000) * 1_000
    : Math.round(time);
}
