import { pickRandom, type Random, randomInt } from "../_random.ts";
import { chance, randomFields } from "./_plans.ts";
import {
  type CallerPlan,
  GATEWAY_FORMS,
  type LeavePlan,
  LIBRARY_FORMS,
  type ReadForm,
  type World,
} from "./_world.ts";

/**
 * Longer than any answer takes, in milliseconds of pauses between tokens, and
 * one that comes in one piece.
 */
const LONGEST_ANSWER = 300_000;
const LONGEST_SILENCE = 100_000;

/** Stop words, of which some only begin like what ends an answer. */
const STOPS = [" (bth)", "(dth)", "end.\n", "lion!", "th) 東", "🦁 Z to"];

/** In which a caller reads nothing, early or late. */
const PAUSES = [0, 2, 5].flatMap((after) =>
  [10_000, 25_000, 70_000].map((ms) => ({ after, ms }))
);

function canStop(form: ReadForm): boolean {
  return form !== "response" && form !== "pictures";
}

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
  const isGateway = world.over === "gateway";
  const isText = form !== "pictures";
  return {
    question,
    words: isText ? words : Math.min(words, 3),
    instance,
    form,
    stream,
    ...randomFields<CallerPlan>(random, {
      pace: [0.3, 1, 50, 2_000],
      pause: [0.1, ...PAUSES],
      stop: [canStop(form) ? 0.15 : 0, ...STOPS],
      total: [isGateway ? 0 : 0.06, 5_000, 20_000, 60_000],
      maxRetries: [isGateway ? 0 : 0.06, 0, 1, 2],
      maxRetryDelay: [isGateway ? 0 : 0.06, 1_000],
      sets: [isText ? 0.1 : 0, true],
      system: [isText ? 0.15 : 0, "Be brief", "Be kind"],
      restarts: [form === "chunks" ? 0.4 : 0, true],
      upload: [isGateway ? 0.1 : 0, 30, 6_000, 20_000],
      wrong: [
        isGateway ? 0.08 : 0.04,
        ...["role", "temperature", "empty", "model"] as const,
        ...isGateway ? ["key"] as const : [],
        ...form === "chunks" ? ["token", "owner"] as const : [],
      ],
      chat: [isText ? 0.4 : 0, 0, 1],
      key: [0.4, 1],
    }),
    ...(chance(random, 0.2) && { leave: randomLeave(random) }),
  };
}

function randomLeave(random: Random): LeavePlan {
  const longest = pickRandom(random, [1, 500, 10_000, 40_000]);
  return {
    how: pickRandom(random, ["abort", "forget", "return"]),
    after: Math.round(longest * random()),
  };
}
