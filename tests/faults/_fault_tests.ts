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
  /** Its file, from the root. */
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

/** The root of the project. */
export const ROOT: URL = new URL("../../", import.meta.url);

/** The folders of tests. */
const FOLDERS = ["tests/", "packages/"];

async function* listTests(folder: URL): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) yield* listTests(new URL(`${name}/`, folder));
    else if (name.endsWith("_test.ts")) {
      yield new URL(name, folder).href.slice(ROOT.href.length);
    }
  }
}

/** Reads the catalogue, and the tests that name its faults. */
export async function readFaults(): Promise<{
  readonly faults: readonly Fault[];
  readonly tests: readonly FaultTest[];
}> {
  const catalogue = await Deno.readTextFile(
    new URL("tests/fixtures/faults.json", ROOT),
  );
  const { faults }: { readonly faults: Fault[] } = JSON.parse(catalogue);
  const tests: FaultTest[] = [];
  for (const folder of FOLDERS) {
    for await (const path of listTests(new URL(folder, ROOT))) {
      const text = await Deno.readTextFile(new URL(path, ROOT));
      tests.push(...findFaultTests(path, text));
    }
  }
  return { faults, tests };
}
