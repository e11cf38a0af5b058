/** A fault of the catalogue, and what the library does about it. */
export interface Fault {
  readonly id: string;
  readonly group: string;
  readonly fault: string;
  /** Absent where the fault cannot occur. */
  readonly outcome?: string;
  /** Why it cannot. */
  readonly notApplicable?: string;
}

/** A test whose name ends with the ids of faults. */
export interface FaultTest {
  /** Its file, below `tests/`. */
  readonly path: string;
  /** Its name without the ids; what is filled in later is an ellipsis. */
  readonly name: string;
  readonly ids: readonly string[];
  /** The case of a table of tests that it is. */
  readonly caseName?: string;
}

const NAME = /\bDeno\.test\(\s*(?:"([^"]+)"|`([^`]+)`)/g;

/** Ids at the end of a name. */
const IDS = /(?: \[[A-Z]\d\d\])+$/;

/** Ids that depend on the case: `${FAULTS[name] ?? ""}`. */
const CASE_IDS = /\$\{(\w*FAULTS)\[(\w+)\] \?\? ""\}$/;

/** A case and its ids, where such a table is declared. */
const CASE = /(?:"([^"]+)"|(\w+)):\s*"((?: \[[A-Z]\d\d\])+)"/g;

function toIds(text: string): string[] {
  return [...text.matchAll(/[A-Z]\d\d/g)].map(([id]) => id);
}

function toShownName(name: string): string {
  return name.replaceAll(/\$\{[^}]*\}/g, "…");
}

/** Reads the cases of a table such as `const FAULTS = { "break": " [A05]" };`. */
function findCases(text: string, table: string): (readonly [string, string])[] {
  const start = text.indexOf(`const ${table}:`);
  const cases = text.slice(start, text.indexOf("};", start)).matchAll(CASE);
  return [...cases].map(([, quoted, plain = "", ids = ""]) => [
    quoted ?? plain,
    ids,
  ]);
}

/** Finds the tests of a file that name faults. */
export function findFaultTests(path: string, text: string): FaultTest[] {
  const tests: FaultTest[] = [];
  for (const [, plain, template] of text.matchAll(NAME)) {
    const name = plain ?? template ?? "";
    const ids = IDS.exec(name)?.[0];
    if (ids !== undefined) {
      const shown = toShownName(name.slice(0, -ids.length));
      tests.push({ path, name: shown, ids: toIds(ids) });
      continue;
    }
    const [placeholder = "", table, key] = CASE_IDS.exec(name) ?? [];
    if (table === undefined) continue;
    const shown = name.slice(0, -placeholder.length);
    for (const [caseName, ids] of findCases(text, table)) {
      tests.push({
        path,
        name: toShownName(shown.replace(`\${${key}}`, () => caseName)),
        ids: toIds(ids),
        caseName,
      });
    }
  }
  return tests;
}

function toCell(text: string): string {
  return text.replaceAll("|", "\\|");
}

/** Lists the tests of a fault, file by file. */
function toTestCell(tests: readonly FaultTest[]): string {
  const files = Map.groupBy(tests, ({ path }) => path);
  return [...files].map(([path, tests]) => {
    const names = tests.map(({ name }) => `\`${toCell(name)}\``);
    return `[${path}](${path}): ${names.join(", ")}`;
  }).join("<br>");
}

function toRow(fault: Fault, tests: readonly FaultTest[]): string {
  const outcome = fault.outcome ??
    `Not applicable: ${fault.notApplicable ?? ""}`;
  const own = tests.filter(({ ids }) => ids.includes(fault.id));
  const cells = [fault.id, toCell(fault.fault), toCell(outcome)];
  return `| ${cells.join(" | ")} | ${toTestCell(own)} |`;
}

/** Writes the table of all faults, their outcomes and tests as Markdown. */
export function toFaultsTable(
  faults: readonly Fault[],
  tests: readonly FaultTest[],
): string {
  const sections = [...Map.groupBy(faults, ({ group }) => group)].map(
    ([group, faults]) =>
      [
        `## ${group.slice(0, 1).toUpperCase()}${group.slice(1)}`,
        "",
        "| Id | Fault | Outcome | Tests |",
        "| --- | --- | --- | --- |",
        ...faults.map((fault) => toRow(fault, tests)),
        "",
      ].join("\n"),
  );
  return `# Faults

What becomes of each fault of the [catalogue](fixtures/faults.json), and the
tests that prove it. \`deno task faults\` writes this file from the names of the
tests.

${sections.join("\n")}`;
}

/** The folder of the tests. */
export const TESTS: URL = new URL("../tests/", import.meta.url);

async function* listTests(folder: URL): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) yield* listTests(new URL(`${name}/`, folder));
    else if (name.endsWith("_test.ts")) {
      yield new URL(name, folder).href.slice(TESTS.href.length);
    }
  }
}

/** Reads the catalogue, and the tests that name its faults. */
export async function readFaults(): Promise<{
  readonly faults: readonly Fault[];
  readonly tests: readonly FaultTest[];
}> {
  const catalogue = await Deno.readTextFile(
    new URL("fixtures/faults.json", TESTS),
  );
  const { faults }: { readonly faults: Fault[] } = JSON.parse(catalogue);
  const paths = (await Array.fromAsync(listTests(TESTS))).sort();
  const tests = await Promise.all(
    paths.map(async (path) =>
      findFaultTests(path, await Deno.readTextFile(new URL(path, TESTS)))
    ),
  );
  return { faults, tests: tests.flat() };
}
