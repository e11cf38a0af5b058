import { assertEquals } from "@std/assert";
import { type Coverage, findUnmet } from "./_coverage.ts";
import { range, simulate } from "./_simulate.ts";

/** How many worlds a file runs: there are two, for files run side by side. */
const WORLDS = 5_000;

/** Registers the test of a share of the worlds. */
export function testWorlds(share: number): void {
  const first = 1 + share * WORLDS;
  const last = first + WORLDS - 1;
  Deno.test(`worlds ${first} to ${last} keep every invariant, and meet all that may befall`, async () => {
    const coverage: Coverage = new Map();
    await simulate(range(first, WORLDS), coverage);
    assertEquals(findUnmet(coverage), []);
  });
}
