import type * as Library from "../../mod.ts";

const ROOT = new URL("../../", import.meta.url);

/** A change of the library that breaks a promise. */
export interface Mutation {
  /** The file, from the root. */
  readonly file: string;
  /** What is there once. */
  readonly find: string;
  /** What takes its place. */
  readonly replace: string;
}

/** What a module imports or re-exports: the end of the statement. */
const IMPORT = /\bfrom "(\.[^"]+)";/g;

/** Statements that the compiler drops, and that may go in a circle. */
const TYPE_IMPORT = /^(?:import|export) type \{[^}]*\} from "[^"]+";$/gm;

async function readModule(url: URL): Promise<string> {
  const text = await Deno.readTextFile(url);
  return text.replaceAll(TYPE_IMPORT, "");
}

/**
 * Loads the library with a mutation, as modules of its own beside the real ones.
 *
 * @throws {Error} If what is to be found is not there exactly once.
 */
export async function loadMutant(
  { file, find, replace }: Mutation,
): Promise<typeof Library> {
  const mutated = new URL(file, ROOT).href;
  const urls = new Map<string, Promise<string>>();

  function toUrl(url: URL): Promise<string> {
    const known = urls.get(url.href) ?? publish(url);
    urls.set(url.href, known);
    return known;
  }

  async function publish(url: URL): Promise<string> {
    let text = await readModule(url);
    if (url.href === mutated) {
      if (text.split(find).length !== 2) {
        throw new Error(`"${find}" is not once in ${file}`);
      }
      text = text.replace(find, () => replace);
    }
    for (const [statement, path = ""] of text.matchAll(IMPORT)) {
      const target = await toUrl(new URL(path, url));
      text = text.replace(statement, `from "${target}";`);
    }
    const module = new Blob([text], { type: "application/typescript" });
    return URL.createObjectURL(module);
  }

  const entry = await toUrl(new URL("mod.ts", ROOT));
  return await import(entry);
}
