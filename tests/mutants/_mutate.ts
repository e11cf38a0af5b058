import type * as Failover from "../../failover/mod.ts";
import type * as Library from "../../mod.ts";
import type * as Parrot from "../conformance/_parrot.ts";

const ROOT = new URL("../../", import.meta.url);

/** A change of the code that breaks a promise. */
export interface Mutation {
  /** The file, from the root. */
  readonly file: string;
  /** What is there once. */
  readonly find: string;
  /** What takes its place. */
  readonly replace: string;
}

/** What a module imports or re-exports: the last line of the statement. */
const IMPORT = /^(?:import\b.*|export\b.*|\}) from "([^"]+)";$/gm;

/** Statements that the compiler drops, and that may go in a circle. */
const TYPE_IMPORT = /^(?:import|export) type \{[^}]*\} from "[^"]+";$/gm;

/** Packages of the project by name. */
const PACKAGES: Readonly<Record<string, string>> = {
  "@parley/chat": "mod.ts",
  "@parley/chat/provider": "core/provider.ts",
  "@parley/testing": "packages/testing/mod.ts",
};

/**
 * Loads modules with a mutation, as modules of their own beside the real ones.
 *
 * @throws {Error} If what is to be found is not there exactly once.
 */
async function load(
  entry: string,
  { file, find, replace }: Mutation,
): Promise<unknown> {
  const mutated = new URL(file, ROOT).href;
  const urls = new Map<string, Promise<string>>();

  function toUrl(url: URL): Promise<string> {
    const known = urls.get(url.href) ?? publish(url);
    urls.set(url.href, known);
    return known;
  }

  async function toImportUrl(name: string, from: URL): Promise<string> {
    if (name.startsWith(".")) return await toUrl(new URL(name, from));
    const path = PACKAGES[name];
    return path === undefined
      // A module without a place of its own knows no names.
      ? import.meta.resolve(name)
      : await toUrl(new URL(path, ROOT));
  }

  async function publish(url: URL): Promise<string> {
    let text = await Deno.readTextFile(url);
    if (url.href === mutated) {
      if (text.split(find).length !== 2) {
        throw new Error(`"${find}" is not once in ${file}`);
      }
      text = text.replace(find, () => replace);
    }
    text = text.replaceAll(TYPE_IMPORT, "");
    for (const [statement, name = ""] of text.matchAll(IMPORT)) {
      const target = await toImportUrl(name, url);
      const line = statement.replace(`"${name}"`, `"${target}"`);
      text = text.replace(statement, () => line);
    }
    const module = new Blob([text], { type: "application/typescript" });
    return URL.createObjectURL(module);
  }

  return await import(await toUrl(new URL(entry, ROOT)));
}

/** Loads the library with a mutation. */
export async function loadMutant(
  mutation: Mutation,
): Promise<typeof Library> {
  return await load("mod.ts", mutation) as typeof Library;
}

/** Loads the failover with a mutation. */
export async function loadMutantFailover(
  mutation: Mutation,
): Promise<typeof Failover> {
  return await load("failover/mod.ts", mutation) as typeof Failover;
}

/** Loads a provider of a user with a mutation. */
export async function loadMutantParrot(
  mutation: Omit<Mutation, "file">,
): Promise<typeof Parrot> {
  const file = "tests/conformance/_parrot.ts";
  return await load(file, { file, ...mutation }) as typeof Parrot;
}
