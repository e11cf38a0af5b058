import { pickRandom, type Random, randomInt } from "../_random.ts";
import { chance } from "./_random_server.ts";
import type { CallerPlan, ReadForm, World } from "./_world.ts";

/** Longer than any answer takes, in milliseconds of pauses between tokens. */
const LONGEST_ANSWER = 150_000;

/** Stop words, of which some only begin like what ends an answer. */
const STOPS = [" (bth)", "(dth)", "end.\n", "lion!", "th) 東", "🦁 Z to"];

function canStop(form: ReadForm): boolean {
  return form !== "response" && form !== "pictures";
}

const FORMS: readonly ReadForm[] = [
  "events",
  "events",
  "batches",
  "result",
  "textStream",
  "readable",
];

/** In which ways callers of a world may read. */
function toForms(
  { over, servers }: Pick<World, "servers" | "over">,
): readonly ReadForm[] {
  const isOpenAi = servers.every(({ kind }) => kind === "openai");
  if (over === "gateway") {
    const forms: readonly ReadForm[] = ["chunks", "chunks", "response"];
    return isOpenAi ? [...forms, "pictures"] : forms;
  }
  // Of several, those are asked that have tools.
  const canCall = isOpenAi || (over === "failover" &&
    servers.some(({ kind }) => kind === "openai"));
  return [
    ...FORMS,
    ...canCall ? ["tools" as const] : [],
    ...isOpenAi ? ["pictures" as const] : [],
  ];
}

/** Makes somebody who asks. */
export function randomCaller(
  random: Random,
  question: number,
  world: Pick<World, "servers" | "instances" | "over">,
): CallerPlan {
  const slowest = Math.max(...world.servers.map(({ pace }) => pace), 1);
  const words = Math.min(
    randomInt(random, pickRandom(random, [3, 12, 24])) + 1,
    1 + Math.floor(LONGEST_ANSWER / slowest),
  );
  const form = pickRandom(random, toForms(world));
  return {
    question,
    words: form === "pictures" ? Math.min(words, 3) : words,
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
        how: pickRandom(random, ["abort", "forget", "return"]),
        after: Math.round(
          pickRandom(random, [1, 500, 10_000, 40_000]) * random(),
        ),
      },
    }),
    ...(canStop(form) && chance(random, 0.15) && {
      stop: pickRandom(random, STOPS),
    }),
    ...(world.over !== "gateway" && chance(random, 0.06) && {
      total: pickRandom(random, [5_000, 20_000, 60_000]),
    }),
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
