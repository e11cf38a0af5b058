const ROOT = new URL("../", import.meta.url);

/** The entry points; each bundle has a copy of the library of its own. */
const ENTRIES: Readonly<Record<string, string>> = {
  chat: "mod.ts",
  provider: "core/provider.ts",
  failover: "failover/mod.ts",
  gateway: "packages/gateway/mod.ts",
};

/** What becomes of the files that the parts of the suite share. */
const SHARED: Readonly<Record<string, string>> = {
  "../../mod.ts": "./chat.mjs",
  "../mod.ts": "./chat.mjs",
  "@parley/chat": "./chat.mjs",
  "../../core/provider.ts": "./provider.mjs",
  "@parley/chat/provider": "./provider.mjs",
  "@parley/chat/failover": "./failover.mjs",
  "@parley/gateway": "./gateway.mjs",
  "./namespace.ts": "./namespace.mjs",
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
  for (const name of ["namespace", "suite", "node", "page"]) {
    const output = new URL(`${name}.mjs`, folder);
    await bundle(`tests/elsewhere/${name}.ts`, output, externals);
    let text = await Deno.readTextFile(output);
    for (const [source, built] of Object.entries(SHARED)) {
      text = text.replaceAll(`"${source}"`, `"${built}"`);
    }
    // Not a global: the library has to do without.
    if (name === "suite") {
      text = `import { Deno } from "./namespace.mjs";\n${text}`;
    }
    await Deno.writeTextFile(output, text);
  }
  await Deno.writeTextFile(
    new URL("page.html", folder),
    '<!doctype html><link rel="icon" href="data:,">' +
      '<script type="module" src="page.mjs"></script>',
  );
  // Tests look for them beside their own folder.
  const vectors = new URL("tests/fixtures/vectors/", ROOT);
  const copies = new URL("fixtures/vectors/", folder);
  await Deno.mkdir(copies, { recursive: true });
  for await (const { name } of Deno.readDir(vectors)) {
    await Deno.copyFile(new URL(name, vectors), new URL(name, copies));
  }
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
