import { addCoverage, type Coverage } from "./_coverage.ts";
import { Violation } from "./_history.ts";
import { randomWorld } from "./_random_world.ts";
import { runWorld } from "./_run_world.ts";
import { findViolation, shrink } from "./_shrink.ts";

/** How many of the last lines of a trace are shown. */
const LAST_LINES = 40;

/** Says all that is needed to mend what a world shows. */
async function toReport(violation: Violation): Promise<string> {
  const { invariant, history } = violation;
  const world = await shrink(
    history.world,
    async (world) => await findViolation(world) === invariant,
  );
  let last = violation;
  try {
    await runWorld(world);
  } catch (error) {
    if (error instanceof Violation) last = error;
  }
  return [
    `World ${history.world.seed} breaks "${invariant}"`,
    last.message,
    ...last.history.trace.slice(-LAST_LINES),
    "As a case for tests/simulation/cases/:",
    JSON.stringify(world),
  ].join("\n");
}

/**
 * Runs one world after the other.
 *
 * @param seeds Their seeds.
 * @param coverage Gets what they met.
 * @throws {Error} If one breaks an invariant: with its smallest form.
 */
export async function simulate(
  seeds: Iterable<number>,
  coverage: Coverage,
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
