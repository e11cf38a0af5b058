/**
 * Runs worlds for as long or as many as one likes, and says what they met.
 *
 *     deno task simulate --seed 7 --worlds 100000 --minutes 30
 */

import { parseArgs } from "@std/cli/parse-args";
import { type Coverage, formatCoverage } from "./_coverage.ts";
import { range, simulate } from "./_simulate.ts";

const { seed, worlds, minutes } = parseArgs(Deno.args, {
  string: ["seed", "worlds", "minutes"],
  default: { seed: "1", worlds: "10000", minutes: "Infinity" },
  unknown(argument) {
    throw new TypeError(`Argument "${argument}" is unknown`);
  },
});

function* limitTime(seeds: Iterable<number>, ms: number): Iterable<number> {
  const end = performance.now() + ms;
  for (const seed of seeds) {
    if (performance.now() > end) return;
    yield seed;
  }
}

function print(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
}

const coverage: Coverage = new Map();
const seeds = range(Number(seed), Number(worlds));
try {
  await simulate(limitTime(seeds, 60_000 * Number(minutes)), coverage);
} catch (error) {
  print(error instanceof Error ? error.message : String(error));
  Deno.exitCode = 1;
}
print(formatCoverage(coverage));
