import type { Origins } from "../tests/elsewhere/server.ts";
import type { Report } from "../tests/elsewhere/run_cases.ts";

/** The oldest version that the library promises to run in. */
const OLDEST = 20;

/** Milliseconds for the whole suite, and for Node.js to end after it. */
const DEADLINE = 120_000;

/**
 * Runs the suite in Node.js.
 *
 * @param folder Where it was built to.
 * @param origins The servers.
 * @returns How it went; that Node.js does not end by itself is a failure.
 */
export async function runInNode(
  folder: URL,
  origins: Origins,
): Promise<Report> {
  const version = (await run(["--version"])).stdout.trim();
  if (Number(/^v(\d+)/.exec(version)?.[1]) < OLDEST) {
    throw new Error(`Node.js is ${version}, which is older than ${OLDEST}`);
  }
  const script = new URL("node.mjs", folder).pathname;
  const { stdout, stderr, code } = await run([script, JSON.stringify(origins)]);
  const report = parseReport(stdout);
  if (report === undefined) {
    throw new Error(`Node.js ends with ${code} before the suite: ${stderr}`);
  }
  if (code === 0) return report;
  const why = `it ends with ${code} after the suite, or not by itself`;
  return { ...report, failed: [...report.failed, { name: "Node.js", why }] };
}

async function run(args: readonly string[]) {
  const { stdout, stderr, code } = await new Deno.Command("node", {
    args: [...args],
    signal: AbortSignal.timeout(DEADLINE),
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  const decoder = new TextDecoder();
  return {
    stdout: decoder.decode(stdout),
    stderr: decoder.decode(stderr),
    code,
  };
}

function parseReport(text: string): Report | undefined {
  return text.trim() === "" ? undefined : JSON.parse(text);
}
