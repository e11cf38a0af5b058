/**
 * Asks one provider one question and streams the answer to standard output.
 *
 * `deno task ask --help` says more.
 */

import { ask } from "./_ask.ts";

const encoder = new TextEncoder();
const output = Deno.stdout.writable.getWriter();
const errors = Deno.stderr.writable.getWriter();
const interruption = new AbortController();

function interrupt(): void {
  // A second Ctrl-C ends the process, should the first one not do.
  Deno.removeSignalListener("SIGINT", interrupt);
  interruption.abort();
}

Deno.addSignalListener("SIGINT", interrupt);
const code = await ask(Deno.args, {
  input: Deno.stdin.readable,
  write: (text) => output.write(encoder.encode(text)),
  writeError: (text) => errors.write(encoder.encode(text)),
  isTerminal: Deno.stdout.isTerminal(),
  apiKey: Deno.env.get("PARLEY_API_KEY"),
  signal: interruption.signal,
});
// Standard input may still be waiting for a line.
Deno.exit(code);
