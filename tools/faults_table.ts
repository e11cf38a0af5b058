/**
 * Writes `tests/FAULTS.md`: what becomes of each fault of the catalogue, and
 * the tests that prove it.
 *
 * ```sh
 * deno task faults
 * ```
 */
import { readFaults, TESTS, toFaultsTable } from "./_faults_table.ts";

if (import.meta.main) {
  const { faults, tests } = await readFaults();
  await Deno.writeTextFile(
    new URL("FAULTS.md", TESTS),
    toFaultsTable(faults, tests),
  );
}
