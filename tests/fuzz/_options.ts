import { parseArgs } from "@std/cli/parse-args";

/** How many cases there are where nothing else is said. */
export const DEFAULT_COUNT = 1_000;

/** How much is tried. */
export interface FuzzOptions {
  /** The seed of the first case; each further case has the next one. */
  readonly seed: number;
  /** How many cases the tests of streams have; others have a share of it. */
  readonly count: number;
}

function toInteger(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isSafeInteger(value) && value >= 1) {
    return value;
  }
  throw new TypeError(`Option "--${name}" is not a whole number from 1`);
}

/**
 * Reads what follows `--` on the command line of the tests.
 *
 * @throws {TypeError} If it makes no sense.
 */
export function parseFuzzOptions(args: readonly string[]): FuzzOptions {
  const { seed, count } = parseArgs([...args], {
    string: ["seed", "count"],
    default: { seed: "1", count: String(DEFAULT_COUNT) },
    unknown(argument) {
      throw new TypeError(`Argument "${argument}" is unknown`);
    },
  });
  return { seed: toInteger("seed", seed), count: toInteger("count", count) };
}
