import { assert, assertEquals } from "@std/assert";

const ROOT = new URL("../", import.meta.url);

/** Folders that are no code of ours, or that code of ours is made into. */
const SKIPPED = ["node_modules", "coverage", "links", "fixtures"];

interface Source {
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
function withoutComments(text: string): string {
  return text.replaceAll(/\/\*\*[^]*?\*\/|^\s*\/\/.*$/gm, "");
}

function findImports(path: string, text: string): string[] {
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

const SOURCES = await Promise.all(
  await Array.fromAsync(listFiles(ROOT), readSource),
);

/** Who may import what: the first rule that fits a path counts. */
const RULES: readonly {
  readonly from: RegExp;
  readonly may: readonly RegExp[];
}[] = [
  { from: /^mod\.ts$/, may: [/^core\//, /^providers\/[a-z]\w*\.ts$/] },
  {
    from: /^core\//,
    may: [/^core\//],
  },
  {
    from: /^providers\/registry\.ts$/,
    may: [/^core\//, /^providers\/[a-z]\w*\.ts$/],
  },
  {
    from: /^providers\//,
    may: [/^core\//, /^providers\/_\w+\.ts$/],
  },
  {
    from: /^failover\//,
    may: [/^mod\.ts$/, /^failover\//, /^zod\/mini$/],
  },
  {
    from: /^gateway\//,
    may: [
      /^mod\.ts$/,
      /^failover\/mod\.ts$/,
      /^gateway\//,
      /^zod\/mini$/,
      /^hono(?:\/|$)/,
    ],
  },
  {
    from: /^testing\//,
    // Its servers share no view of a protocol with the providers.
    may: [
      /^testing\//,
      /^core\/(?:abortable|base64|clocks|errors|chat_stream|events|provider_options|results|types)\.ts$/,
      /^node:(?:net|v8|vm)$/,
      /^zod\/mini$/,
      /^devalue$/,
    ],
  },
];

Deno.test("every file imports only what its layer may", () => {
  const wrong = SOURCES.flatMap(({ path, imports }) => {
    const rule = RULES.find(({ from }) => from.test(path));
    if (rule === undefined) return [];
    return imports.filter((name) => !rule.may.some((may) => may.test(name)))
      .map((name) => `${path} imports ${name}`);
  });
  assertEquals(wrong, []);
});

Deno.test("mod.ts is imported by other entry points, tests and tools", () => {
  const importers = SOURCES
    .filter(({ imports }) => imports.includes("mod.ts"))
    .map(({ path }) => path)
    .filter((path) => !/^(?:failover|gateway|tests|tools)\//.test(path));
  assertEquals(importers, []);
});

Deno.test("a private file of the providers belongs to one provider", () => {
  const owners = new Map<string, Set<string>>();
  for (const { path, imports } of SOURCES) {
    if (!/^providers\/[a-z]/.test(path)) continue;
    for (const name of imports) {
      if (!name.startsWith("providers/_")) continue;
      owners.set(name, (owners.get(name) ?? new Set()).add(path));
    }
  }
  assert(owners.size > 0);
  for (const [name, paths] of owners) assertEquals([...paths].length, 1, name);
});

/** Has no public site, and so no ready instance. */
const WITHOUT_SITE = "providers/openai_compatible.ts";

Deno.test("every provider is in mod.ts, and in the registry where it has a site", () => {
  const providers = SOURCES.map(({ path }) => path)
    .filter((path) => /^providers\/[a-z]\w*\.ts$/.test(path))
    .filter((path) => path !== "providers/registry.ts");
  assertEquals(providers.length, 5);
  for (const name of ["mod.ts", "providers/registry.ts"]) {
    const source = SOURCES.find(({ path }) => path === name);
    for (const path of providers) {
      assertEquals(
        source?.imports.includes(path),
        name === "mod.ts" || path !== WITHOUT_SITE,
        `${name} and ${path}`,
      );
    }
  }
});

Deno.test("no file is longer than 250 lines", () => {
  const long = SOURCES
    .map(({ path, text }) => ({ path, lines: text.split("\n").length - 1 }))
    .filter(({ lines }) => lines > 250);
  assert(SOURCES.length > 50);
  assertEquals(long, []);
});

Deno.test("the library runs elsewhere than in Deno", () => {
  const users = SOURCES
    .filter(({ path }) => /^(?:mod\.ts|core\/|providers\/)/.test(path))
    .filter(({ text }) =>
      /\bDeno\.(?!customInspect)/.test(withoutComments(text))
    )
    .map(({ path }) => path);
  assertEquals(users, ["core/transport.ts"]);
  const proxy = SOURCES.find(({ path }) => path === "core/transport.ts");
  const uses = withoutComments(proxy?.text ?? "").match(/\bDeno\.\w+/g);
  assertEquals(uses, ["Deno.createHttpClient"]);
  assert(proxy?.text.includes("globalThis"));
});

Deno.test("the library has no state, no environment and no console [K07]", () => {
  for (const { path, text } of SOURCES) {
    if (!/^(?:mod\.ts|core\/|providers\/)/.test(path)) continue;
    const code = withoutComments(text);
    assert(!/\b(?:console|process|localStorage)\b\s*\./.test(code), path);
    assert(!/^(?:export )?let /m.test(code), `${path} has a global variable`);
  }
});

Deno.test("findImports() sees every form of an import", () => {
  const text = `
import { a } from "./a.ts";
import type {
  B,
} from "../b.ts";
export { c } from "./c.ts";
export type { D } from "@std/d";
import "./e.ts";
const f = await import("./f.ts");
/** \`import { g } from "./g.ts";\` */
`;
  assertEquals(findImports("core/x.ts", text), [
    "core/a.ts",
    "b.ts",
    "core/c.ts",
    "@std/d",
    "core/e.ts",
    "core/f.ts",
  ]);
});
