/** Modules that each import the tests of a folder, until it is disposed of. */
export interface TestGroups extends AsyncDisposable {
  /** Their paths. */
  readonly files: readonly string[];
}

/**
 * Makes one module of all tests of a folder. Starting a file, with an isolate and
 * the modules of the library in it, takes longer than running most of them.
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
  const groups = [...folders].map(async ([folder, files]) => {
    const lines = files.map((file) => `import "${new URL(file, root)}";\n`);
    const path = `${target}/${folder.replaceAll("/", "_")}.ts`;
    await Deno.writeTextFile(path, lines.join(""));
    return path;
  });
  return {
    files: await Promise.all(groups),
    [Symbol.asyncDispose]: () => Deno.remove(target, { recursive: true }),
  };
}
