import { createRandom } from "../../packages/testing/random.ts";
import { parseFuzzOptions } from "./_options.ts";

/** One case: throws where something is wrong. */
export type FuzzCase = (random: () => number) => void | Promise<void>;

/** Options for {@linkcode fuzz}. */
export interface FuzzTestOptions {
  /**
   * How many of the cases the test has: slow ones have fewer.
   *
   * @default {1}
   */
  readonly share?: number | undefined;
}

/** Makes a number of a name, so that no two tests try the same values. */
function toSalt(name: string): number {
  return Array.from(name).reduce(
    (sum, character) => Math.imul(sum, 31) + character.charCodeAt(0),
    0,
  );
}

const { seed: first, count } = parseFuzzOptions(Deno.args);

/**
 * Registers a test of many random cases.
 *
 * @param name The symbol, and what is expected of it.
 * @param check One case. All that is random in it comes from its argument, so
 * that its seed repeats it.
 * @param options How many cases.
 */
export function fuzz(
  name: string,
  check: FuzzCase,
  { share = 1 }: FuzzTestOptions = {},
): void {
  const end = first + Math.ceil(count * share);
  Deno.test(`${name} [seeds ${first} to ${end - 1}]`, async () => {
    for (let seed = first; seed < end; seed++) {
      try {
        await check(createRandom(seed + toSalt(name)));
        if ("polluted" in {}) throw new Error("A prototype was polluted");
      } catch (cause) {
        throw new Error(
          `Case ${seed} fails; "-- --seed ${seed} --count 1" repeats it`,
          { cause },
        );
      }
    }
  });
}
