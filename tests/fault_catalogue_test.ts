// Every fault that was thought of has a test, which bears its id.
import { assert, assertEquals } from "@std/assert";
import { conformanceCases } from "@parley/testing";
import { TARGETS } from "./_providers.ts";
import { SOURCES } from "./_sources.ts";

/** A fault of the catalogue, and what the library does about it. */
interface Fault {
  readonly id: string;
  /** Absent where the fault cannot occur. */
  readonly outcome?: string;
  /** Why it cannot. */
  readonly notApplicable?: string;
}

const CATALOGUE = new URL("fixtures/faults.json", import.meta.url);
const { faults }: { readonly faults: readonly Fault[] } = JSON.parse(
  await Deno.readTextFile(CATALOGUE),
);

/** Finds ids where names hold them: `[F01]`. */
function findIds(text: string): string[] {
  return Array.from(text.matchAll(/\[([A-Z]\d\d)\]/g), ([, id = ""]) => id);
}

function readTestedIds(): ReadonlySet<string> {
  const cases = TARGETS.flatMap((target) => conformanceCases(target));
  const tests = SOURCES
    .filter(({ path }) => path.endsWith("_test.ts"));
  return new Set([
    ...cases.flatMap(({ name }) => findIds(name)),
    ...tests.flatMap(({ text }) => findIds(text)),
  ]);
}

Deno.test("every fault has a test, or a reason why it cannot occur", () => {
  const tested = readTestedIds();
  assert(faults.length > 100);
  for (const { id, outcome, notApplicable } of faults) {
    assert((outcome === undefined) !== (notApplicable === undefined), id);
    assertEquals(tested.has(id), outcome !== undefined, id);
  }
});

Deno.test("every test that names a fault names one of the catalogue", () => {
  const known = new Set(faults.map(({ id }) => id));
  assertEquals(known.size, faults.length);
  const unknown = [...readTestedIds()].filter((id) => !known.has(id));
  assertEquals(unknown, []);
});
