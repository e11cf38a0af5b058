import { check } from "./check.ts";

/** Shows a value to people. */
type Inspect = (value: unknown, options: { readonly depth: number }) => string;

interface Runtime {
  readonly Deno?: { readonly inspect?: Inspect };
  readonly process?: {
    getBuiltinModule?(name: string): { readonly inspect?: Inspect } | undefined;
  };
}

/** Shows a value as the console of the runtime does; browsers cannot tell. */
export function inspect(value: unknown): string {
  const { Deno, process } = globalThis as Runtime;
  const show = Deno?.inspect ??
    process?.getBuiltinModule?.("node:util")?.inspect;
  return show?.(value, { depth: 10 }) ?? "";
}

/** Everything that a logger may make of a value. */
function toLogs(value: unknown): string {
  const logs = [String(value), inspect(value), JSON.stringify(value) ?? ""];
  for (let error = value; error instanceof Error; error = error.cause) {
    logs.push(error.message, error.stack ?? "", inspect(error));
    for (const name of Object.getOwnPropertyNames(error)) {
      // What has come of the answer is the caller's, and is not shown.
      if (name === "partial") continue;
      const property = Object.getOwnPropertyDescriptor(error, name);
      logs.push(JSON.stringify(property?.value) ?? "");
    }
  }
  return logs.join("\n");
}

/** Checks that no log of a value would hold one of the secrets. */
export function checkClean(
  value: unknown,
  secrets: readonly string[],
  what: string,
): void {
  const logs = toLogs(value);
  for (const secret of secrets) {
    check(!logs.includes(secret), `"${secret}" is in ${what}: ${logs}`);
  }
}
