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

/** Runs a command line, where nothing is kept unless the environment says so. */
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
    columns: 80,
    setRaw() {},
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

/** A folder where the program keeps things, until it is disposed of. */
export interface Home extends AsyncDisposable {
  /** The environment that tells where it is. */
  readonly environment: Readonly<Record<string, string>>;
  /** Writes a file of JSON among the settings. */
  writeSettings(name: string, content: unknown, mode?: number): Promise<void>;
}

/** Makes a folder where the program keeps things. */
export async function createHome(
  environment: Readonly<Record<string, string>> = {},
): Promise<Home> {
  const folder = await Deno.makeTempDir({ prefix: "parley_cli_" });
  const settings = `${folder}/.config/parley`;
  await Deno.mkdir(settings, { recursive: true });
  return {
    environment: { HOME: folder, ...environment },
    async writeSettings(name, content, mode = 0o600) {
      const path = `${settings}/${name}`;
      await Deno.writeTextFile(path, JSON.stringify(content));
      await Deno.chmod(path, mode);
    },
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}
