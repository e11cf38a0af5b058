import type { Interruption, Terminal } from "./terminal.ts";

/** How a process is asked to end. */
const SIGNALS: readonly Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT"]
  : ["SIGINT", "SIGTERM"];

function watchInterruption(): Interruption {
  const controller = new AbortController();
  function leave(): void {
    for (const name of SIGNALS) Deno.removeSignalListener(name, interrupt);
  }
  function interrupt(): void {
    // A second one then ends the process, should the first one not do.
    leave();
    controller.abort();
  }
  for (const name of SIGNALS) Deno.addSignalListener(name, interrupt);
  return { signal: controller.signal, [Symbol.dispose]: leave };
}

/** Makes the terminal of this process. */
export function createTerminal(): Terminal {
  const encoder = new TextEncoder();
  const output = Deno.stdout.writable.getWriter();
  const errors = Deno.stderr.writable.getWriter();
  return {
    input: Deno.stdin.readable,
    isTerminal: {
      input: Deno.stdin.isTerminal(),
      output: Deno.stdout.isTerminal(),
      errors: Deno.stderr.isTerminal(),
    },
    environment: Deno.env,
    write: (text) => output.write(encoder.encode(text)),
    writeError: (text) => errors.write(encoder.encode(text)),
    watchInterruption,
  };
}
