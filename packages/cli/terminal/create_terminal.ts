import type { Environment, Interruption, Terminal } from "./terminal.ts";

/** Whether a variable may be seen, or all of them. */
function mayRead(variable?: string): boolean {
  const { state } = Deno.permissions.querySync({ name: "env", variable });
  return state === "granted";
}

const ENVIRONMENT: Environment = {
  get: (name) => mayRead(name) ? Deno.env.get(name) : undefined,
  toObject: () => mayRead() ? Deno.env.toObject() : {},
};

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
  const isSeen = Deno.stdout.isTerminal();
  return {
    input: Deno.stdin.readable,
    isTerminal: {
      input: Deno.stdin.isTerminal(),
      output: isSeen,
      errors: Deno.stderr.isTerminal(),
    },
    get columns() {
      return isSeen ? Deno.consoleSize().columns : 80;
    },
    environment: ENVIRONMENT,
    write: (text) => output.write(encoder.encode(text)),
    writeError: (text) => errors.write(encoder.encode(text)),
    setRaw: (isRaw) => Deno.stdin.setRaw(isRaw),
    watchInterruption,
  };
}
