import { assert, assertEquals } from "@std/assert";
import { findFaultTests, readFaults, ROOT } from "./_fault_tests.ts";

const { faults, tests } = await readFaults();

Deno.test("every fault has a test, or a reason why it cannot occur", () => {
  assert(faults.length > 100);
  const tested = new Set(tests.flatMap(({ ids }) => ids));
  for (const { id, outcome, notApplicable } of faults) {
    assert((outcome === undefined) !== (notApplicable === undefined), id);
    assertEquals(tested.has(id), outcome !== undefined, id);
  }
});

Deno.test("every test that names a fault names one of the catalogue", () => {
  const known = new Set(faults.map(({ id }) => id));
  assertEquals(known.size, faults.length);
  const unknown = tests.flatMap(({ path, ids }) =>
    ids.filter((id) => !known.has(id)).map((id) => `${path}: ${id}`)
  );
  assertEquals(unknown, []);
});

/** Where cases come from that are not in the file of their tests. */
const CASES = [
  "tests/contract/_providers.ts",
  ...["images", "inputs", "ndjson", "page_data", "retry_after", "sse", "urls"]
    .map((name) => `tests/fixtures/vectors/${name}.json`),
];

Deno.test("every case that names a fault is a case of its tests", async () => {
  const read = (path: string) => Deno.readTextFile(new URL(path, ROOT));
  const sources = (await Promise.all(CASES.map(read))).join("");
  for (const { path, caseName } of tests) {
    if (caseName === undefined) continue;
    // Once where the fault is named, and once more.
    const name = new RegExp(`\\b${RegExp.escape(caseName)}\\b`, "g");
    const count = (await read(path)).match(name)?.length ?? 0;
    assert(count > 1 || sources.includes(`"${caseName}"`), caseName);
  }
});

Deno.test("findFaultTests() finds ids at the end of names, and those of cases", () => {
  const found = findFaultTests(
    "a_test.ts",
    `
const FAULTS: Readonly<Record<string, string>> = {
  "break": " [A05]",
  503: " [S13] [R03]",
};
@("one [F01] [F02]", () => {});
@("two [F01] and more", () => {});
@(
  \`\${provider.name} three [F03]\`, () => {});
@(\`\${provider.name} leaves after \${name}\${FAULTS[name] ?? ""}\`, run);
`.replaceAll("@", "Deno.test"),
  );
  assertEquals(found, [
    { path: "a_test.ts", name: "one", ids: ["F01", "F02"] },
    { path: "a_test.ts", name: "… three", ids: ["F03"] },
    {
      path: "a_test.ts",
      name: "… leaves after break",
      ids: ["A05"],
      caseName: "break",
    },
    {
      path: "a_test.ts",
      name: "… leaves after 503",
      ids: ["S13", "R03"],
      caseName: "503",
    },
  ]);
});
