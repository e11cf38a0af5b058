const FOLDER = new URL("../packages/gateway/page/source/", import.meta.url);

/**
 * Puts the files of the page into a module, for JSR carries only modules.
 *
 * @returns The text of `packages/gateway/page/_page_files.ts`.
 */
export async function embedPage(): Promise<string> {
  const names = [];
  for await (const { name } of Deno.readDir(FOLDER)) {
    if (/\.(?:css|html|js|svg)$/.test(name)) names.push(name);
  }
  const lines = await Promise.all(
    names.sort().map(async (name) => {
      const text = await Deno.readTextFile(new URL(name, FOLDER));
      return `  ${JSON.stringify(name)}: ${JSON.stringify(text)},`;
    }),
  );
  return [
    "// Made of the files of `source/` by `deno task page:embed`.",
    "",
    "/** The files of the page. */",
    "// deno-fmt-ignore",
    "export const PAGE_FILES: Readonly<Record<string, string>> = {",
    ...lines,
    "};",
    "",
  ].join("\n");
}
