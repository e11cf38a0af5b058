import type { Case } from "./run_cases.ts";

/** What a runtime lends to the contract. */
export interface Platform {
  /** Writes a value as the console of the runtime shows it. */
  readonly inspect: (value: unknown, options?: { depth?: number }) => string;
  /** Reads a file of text. */
  readonly readTextFile: (url: URL) => Promise<string>;
}

/** Every test of the contract, in its order. */
export const cases: Case[] = [];

let platform: Platform | undefined;

/** Says where the contract runs, before it is loaded. */
export function usePlatform(given: Platform): void {
  platform = given;
}

function toPlatform(): Platform {
  if (platform === undefined) throw new Error("The platform is not known");
  return platform;
}

/**
 * What the contract uses of the namespace of that name. Only the bundle of the
 * contract sees it: the library must find none where there is none.
 */
export const Deno = {
  test(name: string, run: () => void | Promise<void>): void {
    cases.push({ name, run });
  },
  inspect: (value: unknown, options?: { depth?: number }): string =>
    toPlatform().inspect(value, options),
  readTextFile: (url: URL): Promise<string> => toPlatform().readTextFile(url),
};
