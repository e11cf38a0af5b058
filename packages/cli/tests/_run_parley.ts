import type { Upstream } from "@parley/testing";
import { parley } from "../parley.ts";

/** How a command line went. */
export interface Outcome {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

/** What a command line meets. */
export interface Situation {
  /** What is piped in; absent where a person sits at the keyboard. */
  readonly input?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether a person reads what is written. */
  readonly isTerminal?: boolean;
  /** Aborted by Ctrl-C. */
  readonly signal?: AbortSignal;
  /** Replaces what writes to standard output. */
  readonly write?: (text: string) => Promise<void>;
}

/** Runs a command line. */
export async function runParley(
  args: readonly string[],
  { input, environment = {}, isTerminal = false, ...situation }: Situation = {},
): Promise<Outcome> {
  let [output, errors] = ["", ""];
  const code = await parley(args, {
    input: ReadableStream.from([new TextEncoder().encode(input)]),
    isTerminal: {
      input: input === undefined,
      output: isTerminal,
      errors: isTerminal,
    },
    environment: {
      get: (name) => environment[name],
      toObject: () => ({ ...environment }),
    },
    write: (text) => Promise.resolve(void (output += text)),
    writeError: (text) => Promise.resolve(void (errors += text)),
    watchInterruption: () => ({
      signal: situation.signal ?? new AbortController().signal,
      [Symbol.dispose]() {},
    }),
    ...situation.write && { write: situation.write },
  });
  return { code, output, errors };
}

/** Runs a command line against a server. */
export async function runAgainst(
  upstream: Upstream,
  args: readonly string[],
  situation?: Situation,
): Promise<Outcome> {
  await using server = upstream.serve();
  return await runParley([...args, "--base-url", server.url], situation);
}
