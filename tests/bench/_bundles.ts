import { SourceMap } from "node:module";
import { type Figure, runDeno } from "./_processes.ts";

/** Our own bundles: the modules that they begin with. */
const OWN: Readonly<Record<string, string>> = {
  "@parley/chat, all of it": "mod.ts",
  "@parley/chat/failover": "failover/mod.ts",
  "@parley/gateway": "packages/gateway/mod.ts",
  "@parley/testing": "packages/testing/mod.ts",
};

/** Our own bundles, those of each provider besides. */
async function listOwn(): Promise<readonly (readonly [string, string])[]> {
  const folder = new URL("../../providers/", import.meta.url);
  const own = Object.entries(OWN);
  for await (const { name } of Deno.readDir(folder)) {
    if (name === "registry.ts") continue;
    own.push([`@parley/chat, providers/${name}`, `providers/${name}`]);
  }
  return own.sort(([one], [other]) => one < other ? -1 : 1);
}

/** Bundles to compare with. */
const PEERS: Readonly<Record<string, string>> = {
  "openai": 'export { default } from "openai";',
  "ai, with openai-compatible":
    'export { streamText } from "ai"; export * from "@ai-sdk/openai-compatible";',
  "@xsai/stream-text": 'export * from "@xsai/stream-text";',
};

/** The provider of which the parts are listed: there is none without them. */
const SMALLEST = "providers/autonomous_ai.ts";

/** Modules that add less are listed as one. */
const MIN_BYTES = 600;

/** A bundle, or a part of one. */
export interface Bundle {
  readonly name: string;
  readonly bytes: number;
}

/** Bundles modules for a browser, minified. */
async function bundle(...args: readonly string[]): Promise<string> {
  return await runDeno(
    ...["bundle", "--quiet", "--minify", "--platform", "browser", ...args],
  );
}

function countBytes(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** How large bundles are: ours, and those of peers. */
export async function measureBundles(): Promise<readonly Bundle[]> {
  const bundles: Bundle[] = [];
  for (const [name, path] of await listOwn()) {
    bundles.push({ name, bytes: countBytes(await bundle(path)) });
  }
  // In this folder, for what it imports is known here only.
  const entry = new URL("_entry.ts", import.meta.url);
  try {
    for (const [name, text] of Object.entries(PEERS)) {
      await Deno.writeTextFile(entry, `${text}\n`);
      bundles.push({ name, bytes: countBytes(await bundle(entry.pathname)) });
    }
  } finally {
    await Deno.remove(entry);
  }
  return bundles;
}

/** What each module adds to the smallest provider, the largest first. */
export async function measureModules(): Promise<readonly Bundle[]> {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/bundle.js`;
  await bundle("--sourcemap", "external", "--output", path, SMALLEST);
  const text = await Deno.readTextFile(path);
  const map = new SourceMap(JSON.parse(await Deno.readTextFile(`${path}.map`)));
  await Deno.remove(folder, { recursive: true });
  const sizes = new Map<string, number>();
  for (const [index, line] of text.split("\n").entries()) {
    for (let column = 0; column < line.length; column++) {
      const entry = map.findEntry(index, column);
      const source = "originalSource" in entry ? entry.originalSource : "";
      const [name = "what joins them"] = /\w+\/\w+\.ts$/.exec(source) ?? [];
      sizes.set(name, (sizes.get(name) ?? 0) + 1);
    }
  }
  const modules = Array.from(sizes, ([name, bytes]) => ({ name, bytes }))
    .sort((a, b) => b.bytes - a.bytes);
  const small = modules.filter(({ bytes }) => bytes < MIN_BYTES);
  const bytes = small.reduce((sum, { bytes }) => sum + bytes, 0);
  return [
    ...modules.filter(({ bytes }) => bytes >= MIN_BYTES),
    { name: `${small.length} smaller ones`, bytes },
  ];
}

/** Writes a size as a row. */
export function toSize({ name, bytes }: Bundle): Figure {
  return { name, value: `${(bytes / 1_000).toFixed(1)} kB` };
}
