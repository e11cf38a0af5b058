import { median } from "./_measure.ts";

const ROOT = new URL("../../", import.meta.url);

/** A row of a table of sizes or of other figures. */
export interface Figure {
  readonly name: string;
  readonly value: string;
}

async function runDeno(...args: readonly string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: ROOT,
  }).output();
  const decoder = new TextDecoder();
  if (success) return decoder.decode(stdout);
  throw new Error(`deno ${args.join(" ")}: ${decoder.decode(stderr)}`);
}

/** How long a process takes that imports a module, in milliseconds. */
async function timeImport(module: string): Promise<number> {
  const start = performance.now();
  await runDeno("run", "--quiet", "--no-check", module);
  return performance.now() - start;
}

/** What it costs to import the library, over an empty module. */
export async function measureColdStart(rounds: number): Promise<Figure> {
  const folder = await Deno.makeTempDir();
  const empty = `${folder}/empty.ts`;
  await Deno.writeTextFile(empty, "export {};\n");
  const times: [number[], number[]] = [[], []];
  for (let round = 0; round <= rounds; round++) {
    for (const [index, module] of [empty, "mod.ts"].entries()) {
      const elapsed = await timeImport(module);
      if (round > 0) times[index]?.push(elapsed);
    }
  }
  await Deno.remove(folder, { recursive: true });
  const added = median(times[1]) - median(times[0]);
  return {
    name: "import of `mod.ts`, over an empty module",
    value: `${added.toFixed(1)} ms`,
  };
}

/** How the memory of a process grows while it reads 300 MB. */
export async function measureMemory(): Promise<Figure> {
  const output = await runDeno("run", "--no-check", "tests/bench/_memory.ts");
  const { events, grown } = JSON.parse(output);
  return {
    name: `300 MB answer, ${events} events, over the idle process`,
    value: `${(grown / 1_000_000).toFixed(1)} MB`,
  };
}

/** Bundles to compare: their entries, which this folder can resolve. */
const ENTRIES: Readonly<Record<string, string>> = {
  "@parley/chat, all of it": 'export * from "../../mod.ts";',
  "@parley/chat, AutonomousAI":
    'export * from "../../providers/autonomous_ai.ts";',
  "@parley/chat, CohereForAI":
    'export * from "../../providers/cohere_c4ai_command.ts";',
  "@parley/chat, AiChats": 'export * from "../../providers/ai_chats.ts";',
  "@parley/chat, AmigoChat": 'export * from "../../providers/amigo_chat.ts";',
  "@parley/chat/testing": 'export * from "../../testing/mod.ts";',
  "openai": 'export { default } from "openai";',
  "ai, with openai-compatible":
    'export { streamText } from "ai"; export * from "@ai-sdk/openai-compatible";',
  "@xsai/stream-text": 'export * from "@xsai/stream-text";',
};

/** How large bundles for a browser are, minified. */
export async function measureBundles(): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  // In this folder, for what it imports is known here only.
  const entry = new URL("_entry.ts", import.meta.url);
  try {
    for (const [name, text] of Object.entries(ENTRIES)) {
      await Deno.writeTextFile(entry, `${text}\n`);
      const bundle = await runDeno(
        ...["bundle", "--quiet", "--minify", "--platform", "browser"],
        entry.pathname,
      );
      const { length } = new TextEncoder().encode(bundle);
      figures.push({ name, value: `${(length / 1_000).toFixed(1)} kB` });
    }
  } finally {
    await Deno.remove(entry);
  }
  return figures;
}
