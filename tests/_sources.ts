const ROOT = new URL("../", import.meta.url);

/** Folders that are no code of ours, or that code of ours is made into. */
const SKIPPED = ["node_modules", "coverage", "links", "fixtures"];

/** A file of the project. */
export interface Source {
  /** Its path below the root. */
  readonly path: string;
  readonly text: string;
  /** What it imports: a path below the root, or the name of a package. */
  readonly imports: readonly string[];
}

async function* listFiles(folder: URL): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (SKIPPED.includes(name) || name.startsWith(".")) continue;
    if (isDirectory) yield* listFiles(new URL(`${name}/`, folder));
    else if (name.endsWith(".ts")) {
      yield new URL(name, folder).href.slice(ROOT.href.length);
    }
  }
}

const IMPORT = /^\s*(?:import|export)\b[^"';]*?\bfrom\s+"([^"]+)"/gm;
const BARE_IMPORT = /^\s*import\s+"([^"]+)"|\bimport\(\s*"([^"]+)"/gm;

/** Takes out documentation, whose examples import the package by name. */
export function withoutComments(text: string): string {
  return text.replaceAll(/\/\*\*[^]*?\*\/|^\s*\/\/.*$/gm, "");
}

/** Finds what a file imports: paths below the root, and names of packages. */
export function findImports(path: string, text: string): string[] {
  const code = withoutComments(text);
  return [...code.matchAll(IMPORT), ...code.matchAll(BARE_IMPORT)].map(
    ([, first, second]) => {
      const name = first ?? second ?? "";
      return name.startsWith(".")
        ? new URL(name, new URL(path, ROOT)).href.slice(ROOT.href.length)
        : name;
    },
  );
}

async function readSource(path: string): Promise<Source> {
  const text = await Deno.readTextFile(new URL(path, ROOT));
  return { path, text, imports: findImports(path, text) };
}

/** Every file of the project. */
export const SOURCES: readonly Source[] = await Promise.all(
  await Array.fromAsync(listFiles(ROOT), readSource),
);
