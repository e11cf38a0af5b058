import { pickRandom, randomInt } from "../_random.ts";
import type { CallerPlan, ReadForm, World } from "./_world.ts";

type Random = () => number;

/** Longer than any answer takes, in milliseconds of pauses between tokens. */
const LONGEST_ANSWER = 150_000;

function chance(random: Random, share: number): boolean {
  return random() < share;
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
  if (over === "gateway") return ["chunks", "chunks", "response"];
  const canCall = servers.every(({ kind }) => kind === "openai");
  return canCall ? [...FORMS, "tools"] : FORMS;
}

/** Makes somebody who asks. */
export function randomCaller(
  random: Random,
  question: number,
  world: Pick<World, "servers" | "instances" | "over">,
): CallerPlan {
  const slowest = Math.max(...world.servers.map(({ pace }) => pace), 1);
  const words = Math.min(
    randomInt(random, pickRandom(random, [3, 8, 24])) + 1,
    1 + Math.floor(LONGEST_ANSWER / slowest),
  );
  const form = pickRandom(random, toForms(world));
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
    ...(world.over !== "gateway" && chance(random, 0.08) && {
      stop: pickRandom(random, [" (bth)", "(dth)"]),
    }),
    ...(chance(random, 0.04) && {
      wrong: pickRandom(random, ["role", "temperature", "empty", "model"]),
    }),
    ...(chance(random, 0.4) && { chat: randomInt(random, 2) }),
    ...(chance(random, 0.4) && { key: 1 }),
  };
}
