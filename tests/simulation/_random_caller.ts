import { pickRandom, type Random, randomInt } from "../_random.ts";
import { chance } from "./_random_server.ts";
import type { CallerPlan, ReadForm, World } from "./_world.ts";

/**
 * Longer than any answer takes, in milliseconds of pauses between tokens, and
 * one that comes in one piece.
 */
const LONGEST_ANSWER = 300_000;
const LONGEST_SILENCE = 100_000;

/** Stop words, of which some only begin like what ends an answer. */
const STOPS = [" (bth)", "(dth)", "end.\n", "lion!", "th) 東", "🦁 Z to"];

function canStop(form: ReadForm): boolean {
  return form !== "response" && form !== "pictures";
}

/** In which ways callers read, of the library and of a gateway. */
export const LIBRARY_FORMS: readonly ReadForm[] = [
  "events",
  "batches",
  "result",
  "textStream",
  "readable",
  "jsonl",
  "tools",
  "pictures",
];
export const GATEWAY_FORMS: readonly ReadForm[] = [
  "chunks",
  "response",
  "pictures",
];

/** In which ways callers of a world may read; some do so more often. */
function toForms(
  { over, servers }: Pick<World, "servers" | "over">,
): readonly ReadForm[] {
  const isOpenAi = servers.every(({ kind }) => kind === "openai");
  const isGateway = over === "gateway";
  // Of several, those are asked that have tools.
  const canCall = isOpenAi || (over === "failover" &&
    servers.some(({ kind }) => kind === "openai"));
  const forms = [
    isGateway ? "chunks" : "events",
    ...isGateway ? GATEWAY_FORMS : LIBRARY_FORMS,
  ] as const;
  return forms.filter((form) =>
    form === "tools" ? canCall : form !== "pictures" || isOpenAi
  );
}

/** How long one waits at most, and how often one tries again. */
function randomLimits(random: Random): Partial<CallerPlan> {
  return {
    ...(chance(random, 0.06) && {
      total: pickRandom(random, [5_000, 20_000, 60_000]),
    }),
    ...(chance(random, 0.06) && { maxRetries: randomInt(random, 3) }),
    ...(chance(random, 0.06) && { maxRetryDelay: 1_000 }),
  };
}

/** Makes somebody who asks. */
export function randomCaller(
  random: Random,
  question: number,
  world: Pick<World, "servers" | "instances" | "over">,
): CallerPlan {
  const slowest = Math.max(...world.servers.map(({ pace }) => pace), 1);
  const wanted = randomInt(random, pickRandom(random, [3, 12, 24])) + 1;
  const form = pickRandom(random, toForms(world));
  const instance = randomInt(random, world.instances);
  const stream = !chance(random, 0.15);
  const longest = stream ? LONGEST_ANSWER : LONGEST_SILENCE;
  const words = Math.min(wanted, 1 + Math.floor(longest / slowest));
  return {
    question,
    words: form === "pictures" ? Math.min(words, 3) : words,
    instance,
    form,
    stream,
    ...(chance(random, 0.3) && { pace: pickRandom(random, [1, 50, 2_000]) }),
    ...(chance(random, 0.1) && {
      pause: {
        after: randomInt(random, 6),
        ms: pickRandom(random, [10_000, 25_000, 70_000]),
      },
    }),
    ...(chance(random, 0.2) && {
      leave: {
        how: pickRandom(random, ["abort", "forget", "return"]),
        after: Math.round(
          pickRandom(random, [1, 500, 10_000, 40_000]) * random(),
        ),
      },
    }),
    ...(canStop(form) && chance(random, 0.15) && {
      stop: pickRandom(random, STOPS),
    }),
    ...(world.over !== "gateway" && randomLimits(random)),
    ...(form !== "pictures" && chance(random, 0.1) && { sets: true }),
    ...(form !== "pictures" && chance(random, 0.15) && {
      system: pickRandom(random, ["Be brief", "Be kind"]),
    }),
    ...(form === "chunks" && chance(random, 0.4) && { restarts: true }),
    ...(world.over === "gateway" && chance(random, 0.1) && {
      upload: pickRandom(random, [30, 6_000, 20_000]),
    }),
    ...(chance(random, world.over === "gateway" ? 0.08 : 0.04) && {
      wrong: pickRandom<NonNullable<CallerPlan["wrong"]>>(random, [
        "role",
        "temperature",
        "empty",
        "model",
        ...(world.over === "gateway" ? ["key"] as const : []),
        ...(form === "chunks" ? ["token", "owner"] as const : []),
      ]),
    }),
    ...(form !== "pictures" && chance(random, 0.4) && {
      chat: randomInt(random, 2),
    }),
    ...(chance(random, 0.4) && { key: 1 }),
  };
}
