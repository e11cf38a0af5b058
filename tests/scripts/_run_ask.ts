import type { Upstream } from "@parley/testing";
import { ask, type AskIo } from "../../scripts/_ask.ts";

/** How a command line went. */
export interface Outcome {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

/** Runs a command line. */
export async function runAsk(
  args: readonly string[],
  { input = "", ...io }: Partial<Omit<AskIo, "input">> & { input?: string } =
    {},
): Promise<Outcome> {
  let [output, errors] = ["", ""];
  const code = await ask(args, {
    input: ReadableStream.from([new TextEncoder().encode(input)]),
    write: (text) => Promise.resolve(void (output += text)),
    writeError: (text) => Promise.resolve(void (errors += text)),
    isTerminal: false,
    signal: new AbortController().signal,
    ...io,
  });
  return { code, output, errors };
}

/** Runs a command line against a server. */
export async function runAgainst(
  upstream: Upstream,
  args: readonly string[],
  io?: Parameters<typeof runAsk>[1],
): Promise<Outcome> {
  await using server = upstream.serve();
  return await runAsk([...args, "--base-url", server.url], io);
}
