/** One way to do a piece of work. */
export interface Contestant {
  /** Who does it. */
  readonly name: string;
  /** Does it; what it gives has to be the same for all. */
  readonly run: () => Promise<unknown>;
}

/** A piece of work that several do, the first of them with the least effort. */
export interface Work {
  /** What is done. */
  readonly title: string;
  /** On what. */
  readonly size: string;
  /** How many events, bytes or streams it is. */
  readonly count: number;
  /** What one of them is. */
  readonly unit: string;
  /** Who does it; the bare loop comes first, the library second. */
  readonly contestants: readonly Contestant[];
  /** What the library may take, in times of the bare loop. */
  readonly target?: number;
  /** What else is to be seen in the table. */
  readonly remark?: string;
}

/** How long one contestant took. */
export interface Timing {
  readonly name: string;
  /** The median, in milliseconds. */
  readonly ms: number;
}

/** A piece of work that has been measured. */
export interface Outcome {
  readonly work: Omit<Work, "contestants">;
  readonly timings: readonly Timing[];
}

/** Rounds that are not counted: they are for the compiler. */
const WARM_UP = 2;

/** What is over soon is done more often, for so many milliseconds. */
const MIN_TIME = 8_000;

/** How many times as often, at most. */
const MAX_TIMES = 3;

/** The value in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? NaN;
}

/**
 * Takes away what others left, where the runtime was started for it. Only what
 * is young: a collection of everything would also make each contestant compile
 * its code anew, and take longest from who has most of it.
 */
function collectGarbage(): void {
  const { gc } = globalThis as {
    gc?: (options: { readonly type: "minor" }) => void;
  };
  gc?.({ type: "minor" });
}

/**
 * Lets all contestants do the work in turn, in another order in each round, so
 * that none always comes after the same.
 *
 * @throws {Error} If one of them gives something else than the first.
 */
export async function measure(
  { title, contestants }: Work,
  rounds: number,
): Promise<readonly Timing[]> {
  const times = contestants.map((): number[] => []);
  const wanted = JSON.stringify(await contestants[0]?.run());
  const enough = performance.now() + MIN_TIME;
  for (let round = 0; round < WARM_UP + MAX_TIMES * rounds; round++) {
    if (round >= WARM_UP + rounds && performance.now() > enough) break;
    for (let turn = 0; turn < contestants.length; turn++) {
      const index = (round + turn) % contestants.length;
      const contestant = contestants[index];
      collectGarbage();
      const start = performance.now();
      const given = JSON.stringify(await contestant?.run());
      const elapsed = performance.now() - start;
      if (given !== wanted) {
        throw new Error(`${title}: ${contestant?.name} gives ${given}`);
      }
      if (round >= WARM_UP) times[index]?.push(elapsed);
    }
  }
  return contestants.map(({ name }, index) => ({
    name,
    ms: median(times[index] ?? []),
  }));
}
