const ROOT = new URL("../", import.meta.url);

/** The entry points; each bundle has a copy of the library of its own. */
const ENTRIES: Readonly<Record<string, string>> = {
  chat: "mod.ts",
  provider: "core/provider.ts",
  failover: "failover/mod.ts",
  gateway: "packages/gateway/mod.ts",
};

/** What runs over them. */
const PARTS = ["suite", "node", "page", "uses_process", "uses_worker"];

/** The modules of the uses in workerd, the one that answers first. */
export const USES_MODULES: readonly string[] = [
  "uses_worker.mjs",
  "chat.mjs",
  "provider.mjs",
  "failover.mjs",
  "gateway.mjs",
];

/** What becomes of the files that the parts of the suite share. */
const SHARED: Readonly<Record<string, string>> = {
  "../../mod.ts": "./chat.mjs",
  "../mod.ts": "./chat.mjs",
  "@parley/chat": "./chat.mjs",
  "../../core/provider.ts": "./provider.mjs",
  "@parley/chat/provider": "./provider.mjs",
  "@parley/chat/failover": "./failover.mjs",
  "@parley/gateway": "./gateway.mjs",
  "@parley/testing": "./testing.mjs",
  "./suite.ts": "./suite.mjs",
};

/**
 * Builds the package as the README says, and the suite over it.
 *
 * @param folder Where to; the suite is started by `node.mjs` or `page.html`.
 */
export async function buildSuite(folder: URL): Promise<void> {
  const externals = [...Object.keys(SHARED), "node:*"]
    .flatMap((name) => ["--external", name]);
  for (const [name, source] of Object.entries(ENTRIES)) {
    await bundle(source, new URL(`${name}.mjs`, folder), ["--minify"]);
  }
  // As it is: a minifier drops the variable of an `await using`.
  const testing = new URL("testing.mjs", folder);
  await bundle("packages/testing/mod.ts", testing, []);
  for (const name of PARTS) {
    const output = new URL(`${name}.mjs`, folder);
    await bundle(`tests/elsewhere/${name}.ts`, output, externals);
    let text = await Deno.readTextFile(output);
    for (const [source, built] of Object.entries(SHARED)) {
      text = text.replaceAll(`"${source}"`, `"${built}"`);
    }
    await Deno.writeTextFile(output, text);
  }
  await Deno.writeTextFile(
    new URL("page.html", folder),
    '<!doctype html><link rel="icon" href="data:,">' +
      '<script type="module" src="page.mjs"></script>',
  );
}

async function bundle(
  source: string,
  output: URL,
  options: readonly string[],
): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "bundle",
      "--quiet",
      "--platform",
      "browser",
      ...options,
      "--output",
      output.pathname,
      source,
    ],
    cwd: ROOT,
    stdin: "null",
    stderr: "piped",
  }).output();
  if (!success) {
    throw new Error(
      `Cannot bundle "${source}": ${new TextDecoder().decode(stderr)}`,
    );
  }
}
