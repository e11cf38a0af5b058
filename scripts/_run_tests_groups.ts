/** Modules that each import the tests of a folder, until it is disposed of. */
export interface TestGroups extends AsyncDisposable {
  /** Their paths. */
  readonly modules: readonly string[];
  /** The paths of the tests that they import. */
  readonly files: readonly string[];
}

/**
 * Makes one module of all tests of a folder. Starting a file, with an isolate and
 * the modules of the library in it, takes longer than running most of them.
 * A folder with a configuration of its own is checked by that, and left alone.
 *
 * @param files The paths of the tests, from the root.
 * @param root Where they are.
 */
export async function groupTests(
  files: readonly string[],
  root: URL,
): Promise<TestGroups> {
  const target = await Deno.makeTempDir({ prefix: "parley_tests_" });
  const folders = Map.groupBy(
    files,
    (file) => file.slice(0, file.lastIndexOf("/")),
  );
  const modules: string[] = [];
  const grouped: string[] = [];
  for (const [folder, files] of folders) {
    if (await isFile(new URL(`${folder}/deno.json`, root))) continue;
    const path = `${target}/${folder.replaceAll("/", "_")}.ts`;
    const lines = files.map((file) => `import "${new URL(file, root)}";\n`);
    await Deno.writeTextFile(path, lines.join(""));
    modules.push(path);
    grouped.push(...files);
  }
  return {
    modules,
    files: grouped,
    [Symbol.asyncDispose]: () => Deno.remove(target, { recursive: true }),
  };
}

async function isFile(path: URL): Promise<boolean> {
  return await Deno.stat(path).then(({ isFile }) => isFile, () => false);
}
