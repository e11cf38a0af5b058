/**
 * Of what random worlds are made: plain plans, and chances.
 *
 * @module
 */

import { pickRandom, type Random } from "../_random.ts";
import type { CallerPlan, ServerPlan, Step, World } from "./_world.ts";

/** What becomes of an answer that breaks off. */
export const POLICIES = [
  ...["restart", "restart", "match", "match"] as const,
  ...["continue", "continue", "hold", "error"] as const,
];

/** Makes what is particular of a world. */
export type ParticularWorld = (
  random: Random,
) => Partial<World> & Pick<World, "steps">;

/** Who asks for a few words. */
const PLAIN_CALLER: CallerPlan = {
  question: 0,
  words: 2,
  instance: 0,
  form: "result",
  stream: true,
};

/** A server that is at hand. */
export const PLAIN_SERVER: ServerPlan = {
  kind: "openai",
  delay: 5,
  pace: 3,
  maxRetries: 1,
};

/** A world with nothing but one server. */
export const PLAIN: Omit<World, "seed" | "steps"> = {
  over: "provider",
  isOneVoice: false,
  servers: [PLAIN_SERVER],
  instances: 1,
  failover: {},
  gateway: {},
};

/** Lets many ask, each at its time. */
export function ask(
  count: number,
  toStep: (question: number) => Partial<CallerPlan> & { readonly at: number },
): readonly Step[] {
  return Array.from({ length: count }, (_, question) => {
    const { at, ...caller } = toStep(question);
    return { at, do: "ask", caller: { ...PLAIN_CALLER, ...caller, question } };
  });
}

/** The share of plans that have a field, and what it may be. */
type Chances<Plan> = {
  readonly [Name in keyof Plan]?: readonly [
    share: number,
    ...values: NonNullable<Plan[Name]>[],
  ];
};

/** Whether something happens. */
export function chance(random: Random, share: number): boolean {
  return random() < share;
}

/** Makes what a plan may have besides: a row for each field. */
export function randomFields<Plan>(
  random: Random,
  chances: Chances<Plan>,
): Partial<Plan> {
  type Row = readonly [share: number, ...values: unknown[]];
  const rows: { readonly [name: string]: Row | undefined } = { ...chances };
  return Object.fromEntries(
    Object.entries(rows).flatMap(([name, [share, ...values] = [0]]) =>
      chance(random, share) ? [[name, pickRandom(random, values)]] : []
    ),
  ) as Partial<Plan>;
}

/** A time within a span; many things happen at once. */
export function randomTime(random: Random, span: number): number {
  const time = span * random();
  return chance(random, 0.5)
    ? Math.round(time / 1_000) * 1_000
    : Math.round(time);
}
