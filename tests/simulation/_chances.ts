import { pickRandom, type Random } from "../_random.ts";

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
