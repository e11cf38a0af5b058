import type { Report } from "../tests/elsewhere/run_cases.ts";

/** Milliseconds for all cases, and for the process to end after them. */
const DEADLINE = 600_000;

/**
 * Runs a script in a process that reports how its cases went.
 *
 * @param runtime The program that runs it.
 * @param script The script.
 * @param args What it is given.
 * @returns How it went; that it does not end by itself is a failure.
 * @throws {Error} If it ends before it reports.
 */
export async function runProcess(
  runtime: string,
  script: URL,
  ...args: readonly string[]
): Promise<Report> {
  const { stdout, stderr, code } = await new Deno.Command(runtime, {
    args: [script.pathname, ...args],
    signal: AbortSignal.timeout(DEADLINE),
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  const decoder = new TextDecoder();
  const text = decoder.decode(stdout);
  if (text.trim() === "") {
    const said = decoder.decode(stderr);
    throw new Error(`"${runtime}" ends with ${code} before the cases: ${said}`);
  }
  const report: Report = JSON.parse(text);
  if (code === 0) return report;
  const why = `it ends with ${code} after the cases, or not by itself`;
  return { ...report, failed: [...report.failed, { name: runtime, why }] };
}
