import { findExamples } from "./_run_tests_examples.ts";

/** Modules that hold the tests of many files, until they are disposed of. */
export interface TestGroups extends AsyncDisposable {
  /** The paths of the modules. */
  readonly modules: readonly string[];
  /** The paths of what is in them, which is what types are checked of. */
  readonly members: readonly string[];
}

/**
 * Makes one module of all tests of a folder, and one of all examples in
 * documentation. Starting a module, with an isolate and the library in it, takes
 * longer than running most of them.
 *
 * @param files The paths of tests, of what has documentation, and of
 * configurations, from the root.
 * @param root Where they are.
 */
export async function groupTests(
  files: readonly string[],
  root: URL,
): Promise<TestGroups> {
  const target = await Deno.makeTempDir({ prefix: "parley_tests_" });
  const modules: string[] = [];
  async function write(name: string, text: string): Promise<string> {
    const path = `${target}/${name.replaceAll("/", "_")}`;
    await Deno.writeTextFile(path, text);
    return path;
  }

  const tests = files.filter((file) => file.endsWith("_test.ts"));
  const folders = Map.groupBy(
    tests,
    (file) => file.slice(0, file.lastIndexOf("/")),
  );
  for (const [folder, files] of folders) {
    const lines = files.map((file) => `import "${new URL(file, root)}";\n`);
    modules.push(await write(`${folder}.ts`, lines.join("")));
  }

  const imports = await readImports(
    files.filter((file) => file.endsWith("/deno.json")),
    root,
  );
  const examples: string[] = [];
  let lines = "";
  for (const file of files) {
    if (!/\.(ts|md)$/.test(file)) continue;
    const text = await Deno.readTextFile(new URL(file, root));
    for (const { line, code } of findExamples(text, imports)) {
      const path = await write(`${file}_${line}.ts`, code);
      const run = `async () => void await import("${path}")`;
      lines += `Deno.test("${file}:${line}", ${run});\n`;
      examples.push(path);
    }
  }
  modules.push(await write("examples.ts", lines));
  return {
    modules,
    members: [...tests, ...examples],
    [Symbol.asyncDispose]: () => Deno.remove(target, { recursive: true }),
  };
}

/** Reads what the names stand for that only one part of the workspace knows. */
async function readImports(
  configurations: readonly string[],
  root: URL,
): Promise<Map<string, string>> {
  const all = configurations.map(async (path) => {
    const { imports } = JSON.parse(
      await Deno.readTextFile(new URL(path, root)),
    );
    return Object.entries<string>(imports ?? {});
  });
  return new Map((await Promise.all(all)).flat());
}
