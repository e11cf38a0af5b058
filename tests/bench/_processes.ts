import { median, type Outcome } from "./_measure.ts";
import { startServer } from "./_socket_works.ts";

const ROOT = new URL("../../", import.meta.url);

/** A row of a table of sizes or of other figures. */
export interface Figure {
  readonly name: string;
  readonly value: string;
}

/** Runs Deno to its end, and gives what it prints. */
export async function runDeno(...args: readonly string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: ROOT,
  }).output();
  const decoder = new TextDecoder();
  if (success) return decoder.decode(stdout);
  throw new Error(`deno ${args.join(" ")}: ${decoder.decode(stderr)}`);
}

/** How long a process takes that runs a module, in milliseconds. */
async function timeModule(module: string): Promise<number> {
  const start = performance.now();
  await runDeno("run", "--quiet", "--no-check", module);
  return performance.now() - start;
}

/** How much longer a process takes than one that runs nothing. */
export interface ColdStart {
  /** From the sources, in milliseconds. */
  readonly sources: number;
  /** As one file, minified. */
  readonly bundled: number;
}

/** What it costs to run a module over an empty one. */
export async function measureColdStart(
  module: string,
  rounds: number,
): Promise<ColdStart> {
  const folder = await Deno.makeTempDir();
  const [empty, bundled] = [`${folder}/empty.ts`, `${folder}/bundled.js`];
  await Deno.writeTextFile(empty, "export {};\n");
  await runDeno(
    ...["bundle", "--quiet", "--minify", "--platform", "browser"],
    ...["--output", bundled, module],
  );
  const times: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round <= rounds; round++) {
    for (const [index, path] of [empty, module, bundled].entries()) {
      const elapsed = await timeModule(path);
      if (round > 0) times[index]?.push(elapsed);
    }
  }
  await Deno.remove(folder, { recursive: true });
  const least = median(times[0]);
  return {
    sources: median(times[1]) - least,
    bundled: median(times[2]) - least,
  };
}

/**
 * Measures one piece of work in a process of its own, so that what the compiler
 * has seen of others does not matter.
 *
 * @returns Null, where there is none any more.
 */
export async function measureRow(
  index: number,
  rounds: number,
): Promise<Outcome | null> {
  const output = await runDeno(
    ...["run", "--no-check", "--allow-all", "--v8-flags=--expose-gc"],
    ...["tests/bench/_row.ts", `${index}`, `${rounds}`],
  );
  return JSON.parse(output);
}

/** How often the memory of a reader is measured: it scatters. */
const READS = 3;

/** By how many MB a process grows while somebody reads 300 MB in it. */
export async function measureMemory(
  reader: string,
  ...flags: readonly string[]
): Promise<number> {
  const server = await startServer();
  const grown: number[] = [];
  for (let read = 0; read < READS; read++) {
    const output = await runDeno(
      ...["run", "--no-check", "--allow-all", ...flags],
      ...["tests/bench/_memory.ts", reader, `${server.url}/long`],
    );
    grown.push(JSON.parse(output).grown / 1_000_000);
  }
  server.close();
  return median(grown);
}

/** How many kB of the heap a stream takes that waits for more. */
export async function measureWaiting(reader: string): Promise<number> {
  const output = await runDeno(
    ...["run", "--no-check", "--v8-flags=--expose-gc"],
    ...["tests/bench/_waiting.ts", reader],
  );
  return JSON.parse(output).grown / 1_000;
}
