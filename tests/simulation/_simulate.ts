import { assertEquals } from "@std/assert";
import { addCoverage, type Coverage, findUnmet } from "./_coverage.ts";
import { Violation } from "./_history.ts";
import { randomWorld } from "./_random_world.ts";
import { runWorld } from "./_run_world.ts";
import { findViolation, shrink } from "./_shrink.ts";

/** How many of the last lines of a trace are shown. */
const LAST_LINES = 40;

/** How many worlds a file of tests runs: there are two, to run side by side. */
const WORLDS = 5_000;

/** Says all that is needed to mend what a world shows. */
async function toReport(violation: Violation): Promise<string> {
  const { law, history: { world: { seed } } } = violation;
  const world = await shrink(
    violation.history.world,
    async (world) => (await findViolation(world))?.law === law,
  );
  const { message, history } = await findViolation(world) ?? violation;
  return [
    `World ${seed} breaks "${law}"`,
    message,
    ...history.trace.slice(-LAST_LINES),
    "As a case for tests/simulation/cases/:",
    JSON.stringify(world),
  ].join("\n");
}

/**
 * Runs one world after the other.
 *
 * @param seeds Their seeds.
 * @param coverage Gets what they met.
 * @throws {Error} If one breaks a law: with its smallest form.
 */
export async function simulate(
  seeds: Iterable<number>,
  coverage: Coverage = new Map(),
): Promise<void> {
  // Many errors are made, and nobody reads where: a tenth of all time.
  Error.stackTraceLimit = 0;
  for (const seed of seeds) {
    try {
      addCoverage(coverage, await runWorld(randomWorld(seed)));
    } catch (error) {
      if (!(error instanceof Violation)) throw error;
      throw new Error(await toReport(error), { cause: error });
    }
  }
}

/** Gives numbers, one after the other. */
export function* range(first: number, count: number): Iterable<number> {
  for (let number = first; number < first + count; number++) yield number;
}

/** Registers the test of a share of the worlds. */
export function testWorlds(share: number): void {
  const first = 1 + share * WORLDS;
  const last = first + WORLDS - 1;
  Deno.test(`worlds ${first} to ${last} keep every law, and meet all that may befall`, async () => {
    const coverage: Coverage = new Map();
    await simulate(range(first, WORLDS), coverage);
    assertEquals(findUnmet(coverage), []);
  });
}
