const FOLDER = new URL("../packages/gateway/page/source/", import.meta.url);

/** A file of the page. */
interface PageFile {
  readonly name: string;
  readonly text: string;
}

/** Reads the files of a folder in the order of their names. */
async function readFiles(folder: URL, wanted: RegExp): Promise<PageFile[]> {
  const names = [];
  for await (const { name } of Deno.readDir(folder)) {
    if (wanted.test(name)) names.push(name);
  }
  return await Promise.all(
    names.sort().map(async (name) => ({
      name,
      text: await Deno.readTextFile(new URL(name, folder)),
    })),
  );
}

/**
 * Tells the sources of the page from others.
 *
 * @returns Their SHA-256, in hexadecimal digits.
 */
export async function digestPage(): Promise<string> {
  return await digestText(JSON.stringify(await readFiles(FOLDER, /./)));
}

async function digestText(text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return new Uint8Array(digest).toHex();
}

/** What the bundler calls a part: its hash is another one in each folder. */
const PART = /\b([a-z]+)-[\dA-Z]{8}\.js\b/g;

/** Names the parts of a bundle by what is in them, so that all make the same. */
async function renameParts(
  files: readonly PageFile[],
): Promise<readonly PageFile[]> {
  const names = new Map<string, string>();
  for (const { name, text } of files) {
    const digest = await digestText(text.replaceAll(PART, "$1"));
    names.set(name, name.replace(PART, `$1-${digest.slice(0, 8)}.js`));
  }
  const rename = (text: string) =>
    text.replaceAll(PART, (part) => names.get(part) ?? part);
  return files.map(({ name, text }) => ({
    name: rename(name),
    text: rename(text),
  }));
}

/** Bundles the modules of the page with the libraries that they use. */
async function bundle(): Promise<readonly PageFile[]> {
  const folder = await Deno.makeTempDir({ prefix: "parley_page_" });
  try {
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "bundle",
        "--quiet",
        "--platform=browser",
        "--minify",
        "--code-splitting",
        `--outdir=${folder}`,
        "page.ts",
      ],
      cwd: FOLDER,
    }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    return await renameParts(
      await readFiles(new URL(`file://${folder}/`), /\.js$/),
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/**
 * Puts the files of the page into a module, for JSR carries only modules.
 *
 * @returns The text of `packages/gateway/page/_page_files.ts`.
 */
export async function embedPage(): Promise<string> {
  const files = [
    ...await bundle(),
    ...await readFiles(FOLDER, /\.(?:css|html|svg)$/),
  ];
  return [
    "// Made of the files of `source/` by `deno task page:embed`.",
    `// Their digest: ${await digestPage()}`,
    "",
    "/** The files of the page. */",
    "// deno-fmt-ignore",
    "export const PAGE_FILES: Readonly<Record<string, string>> = {",
    ...files.map(({ name, text }) =>
      `  ${JSON.stringify(name)}: ${JSON.stringify(text)},`
    ),
    "};",
    "",
  ].join("\n");
}
