import { assert, assertEquals } from "@std/assert";
import { ENTRY_POINTS, ROOMS, RULES } from "./_layers.ts";
import { findImports, SOURCES, withoutComments } from "./_sources.ts";

/** Whether a path is that of code which is published. */
function isPublished(path: string): boolean {
  return RULES.some(({ from }) => from.test(path));
}

Deno.test("every file imports only what its layer may", () => {
  const wrong = SOURCES.flatMap(({ path, imports }) => {
    const rule = RULES.find(({ from }) => from.test(path));
    if (rule === undefined) return [];
    return imports.filter((name) => !rule.may.some((may) => may.test(name)))
      .map((name) => `${path} imports ${name}`);
  });
  assertEquals(wrong, []);
});

/** Finds the imports that lead from a room to one above it, or to none. */
function findUpwardImports(
  folder: string,
  rooms: readonly string[],
): readonly string[] {
  const toFloor = (path: string) =>
    rooms.indexOf(path.slice(folder.length).split("/")[0] ?? "");
  return SOURCES
    .filter(({ path }) => path.startsWith(folder) && toFloor(path) !== -1)
    .flatMap(({ path, imports }) =>
      imports
        .filter((name) => name.startsWith(folder))
        .filter((name) => toFloor(name) === -1 || toFloor(name) > toFloor(path))
        .map((name) => `${path} imports ${name}`)
    );
}

for (const [folder, rooms] of Object.entries(ROOMS)) {
  Deno.test(`the rooms of ${folder} import only what is below them`, () => {
    assertEquals(findUpwardImports(folder, rooms), []);
  });

  Deno.test(`every file of ${folder} is in a room, but for its entry points`, () => {
    const loose = SOURCES.map(({ path }) => path)
      .filter((path) => isPublished(path) && path.startsWith(folder))
      .map((path) => path.slice(folder.length).split("/")[0] ?? "")
      .filter((name) => !rooms.includes(name));
    assertEquals(
      loose.sort(),
      ENTRY_POINTS[folder],
    );
  });
}

/** Finds a circle of files, each of which imports the next. */
function findCircle(): readonly string[] {
  const imports = new Map(SOURCES.map(({ path, imports }) => [path, imports]));
  const done = new Set<string>();
  function visit(path: string, way: readonly string[]): readonly string[] {
    const start = way.indexOf(path);
    if (start !== -1) return way.slice(start);
    if (done.has(path)) return [];
    for (const name of imports.get(path) ?? []) {
      const circle = visit(name, [...way, path]);
      if (circle.length > 0) return circle;
    }
    done.add(path);
    return [];
  }
  for (const path of imports.keys()) {
    const circle = visit(path, []);
    if (circle.length > 0) return circle;
  }
  return [];
}

Deno.test("no files import each other in a circle", () => {
  assertEquals(findCircle(), []);
});

Deno.test("mod.ts is imported by other entry points, tests and scripts", () => {
  const importers = SOURCES
    .filter(({ imports }) => imports.includes("mod.ts"))
    .map(({ path }) => path)
    .filter((path) =>
      !/^(?:failover|health|telemetry|tools|tests|scripts)\//.test(path)
    )
    .filter((path) => !/^packages\/[\w-]+\/tests\//.test(path));
  assertEquals(importers, []);
});

Deno.test("a provider is exactly one file", () => {
  const others = SOURCES.map(({ path }) => path)
    .filter((path) => path.startsWith("providers/_"));
  assertEquals(others, []);
});

/** Have no public site, and so no ready instance. */
const WITHOUT_SITE = ["providers/chat_ui.ts", "providers/openai_compatible.ts"];

Deno.test("every provider is in mod.ts, and in the registry where it has a site", () => {
  const providers = SOURCES.map(({ path }) => path)
    .filter((path) => /^providers\/[a-z]\w*\.ts$/.test(path))
    .filter((path) => path !== "providers/registry.ts");
  for (const name of ["mod.ts", "providers/registry.ts"]) {
    const source = SOURCES.find(({ path }) => path === name);
    for (const path of providers) {
      assertEquals(
        source?.imports.includes(path),
        name === "mod.ts" || !WITHOUT_SITE.includes(path),
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

Deno.test("no function is made where it is assigned to a property", () => {
  // V8 takes it for a method that lives for ever, and keeps what it knows.
  const assigned = SOURCES
    .filter(({ path }) =>
      /^(?:core|failover|providers|tools|packages\/gateway)\//.test(path) &&
      isPublished(path) && !path.includes("/page/")
    )
    .filter(({ text }) =>
      /\.#?\w+ (?:\?\?)?=\s+(?:async )?(?:\w+|\([^()]*\))(?:: [\w<>]+)? =>/
        .test(withoutComments(text))
    )
    .map(({ path }) => path);
  assertEquals(assigned, []);
});

Deno.test("no object that is made for each run has a getter of its own", () => {
  // It would have a shape of its own, which lives as long as such a method. A
  // getter of a class says what it returns.
  const literal = SOURCES
    .filter(({ path }) =>
      /^(?:core|failover|providers|tools|packages\/gateway)\//.test(path)
    )
    .filter(({ path }) => isPublished(path) && !path.includes("/page/"))
    .filter(({ text }) => /^\s+get \w+\(\) \{/m.test(withoutComments(text)))
    .map(({ path }) => path);
  assertEquals(literal, []);
});

Deno.test("no error is made by an import", () => {
  // It holds a stack, for which V8 reads the whole file anew: of a bundle, that
  // takes longer than all the rest.
  const made = SOURCES
    .filter(({ path }) => isPublished(path) && !path.includes("/page/"))
    .filter(({ text }) =>
      /^(?:export )?const [^=]+=[\s/*@A-Z_]*new (?:\w*Error|DOMException)\(/m
        .test(withoutComments(text))
    )
    .map(({ path }) => path);
  assertEquals(made, []);
});

Deno.test("the library runs elsewhere than in Deno", () => {
  const users = SOURCES
    .filter(({ path }) => /^(?:mod\.ts|core\/|providers\/)/.test(path))
    .filter(({ text }) =>
      /\bDeno\.(?!customInspect)/.test(withoutComments(text))
    )
    .map(({ path }) => path);
  assertEquals(users, ["core/http/transport.ts"]);
  const proxy = SOURCES.find(({ path }) => path === "core/http/transport.ts");
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
