import { within } from "../../packages/testing/conformance/check.ts";

/** Something that has to be true. */
export interface Case {
  readonly name: string;
  readonly run: () => void | Promise<void>;
}

/** Something that cannot be true in a runtime. */
export interface Difference {
  /** The names of the cases. */
  readonly cases: RegExp;
  /** What the runtime does not let the library do. */
  readonly why: string;
}

/** How the cases went in a runtime. */
export interface Report {
  /** How it names itself. */
  readonly runtime: string;
  readonly passed: number;
  readonly failed: readonly { readonly name: string; readonly why: string }[];
  /** What could not be true, by the reason. */
  readonly different: Readonly<Record<string, number>>;
  /** Milliseconds in all. */
  readonly ms: number;
}

/** Options for {@linkcode runCases}. */
export interface RunCasesOptions {
  readonly runtime: string;
  /** What cannot be true here, and is not tried. */
  readonly differences?: readonly Difference[];
  /** Milliseconds for each case. */
  readonly deadline: number;
  /** Has the runtime tell of each error that nobody waits for. */
  readonly watch: (tell: (error: unknown) => void) => void;
}

/** Runs cases one after another; none of them can stop the others. */
export async function runCases(
  cases: readonly Case[],
  { runtime, differences = [], deadline, watch }: RunCasesOptions,
): Promise<Report> {
  const start = performance.now();
  const failed: { name: string; why: string }[] = [];
  const different: Record<string, number> = {};
  let passed = 0;
  let current = "";
  watch((error) => {
    const why = `nobody waited for this error: ${toReason(error)}`;
    failed.push({ name: current, why });
  });
  for (const { name, run } of cases) {
    current = name;
    const difference = differences.find(({ cases }) => cases.test(name));
    if (difference !== undefined) {
      different[difference.why] = (different[difference.why] ?? 0) + 1;
      continue;
    }
    const error = await catchFailure(deadline, run);
    if (error === undefined) passed++;
    else failed.push({ name, why: toReason(error.thrown) });
  }
  const ms = Math.round(performance.now() - start);
  return { runtime, passed, failed, different, ms };
}

async function catchFailure(
  ms: number,
  run: Case["run"],
): Promise<{ readonly thrown: unknown } | undefined> {
  try {
    await within(ms, Promise.resolve().then(run));
    return undefined;
  } catch (thrown) {
    return { thrown };
  }
}

function toReason(error: unknown): string {
  return error instanceof Error ? error.stack ?? error.message : String(error);
}
