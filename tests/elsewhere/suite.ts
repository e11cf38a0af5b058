// Everything that runs elsewhere, over the built package.
import { BROWSER_CASES } from "./_browser_cases.ts";
import { CONFORMANCE_CASES } from "./_conformance.ts";
import { COPIES_CASES } from "./_copies_cases.ts";
import { DIFFERENCES } from "./_differences.ts";
import { FOREIGN_CASES } from "./_foreign_cases.ts";
import { HTTP_CASES } from "./_http_cases.ts";
import { type Report, runCases, type RunCasesOptions } from "./run_cases.ts";
import { SERVER_CASES } from "./_server_cases.ts";
import type { Origins } from "./server.ts";

/** Options for {@linkcode runSuite}. */
export interface RunSuiteOptions extends Pick<RunCasesOptions, "watch"> {
  /** How the runtime names itself. */
  readonly runtime: string;
  readonly isBrowser: boolean;
  readonly origins: Origins;
}

/** The longest that a case may take, in milliseconds; most take 20. */
const DEADLINE = 60_000;

/** Runs everything that applies to a runtime. */
export async function runSuite(
  { runtime, isBrowser, origins, watch }: RunSuiteOptions,
): Promise<Report> {
  const own = isBrowser ? BROWSER_CASES : SERVER_CASES;
  const http = [...FOREIGN_CASES, ...HTTP_CASES, ...own]
    .map(({ name, run }) => ({ name, run: () => run(origins) }));
  const cases = [...CONFORMANCE_CASES, ...COPIES_CASES, ...http];
  return await runCases(cases, {
    runtime,
    differences: isBrowser ? DIFFERENCES : [],
    deadline: DEADLINE,
    watch,
  });
}
