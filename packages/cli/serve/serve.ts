import { EXIT_CODE, type ExitCode } from "../terminal/exit_code.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { readSettings, VARIABLES, type Variables } from "./read_settings.ts";
import { serveGateway } from "./serve_gateway.ts";
import { HELP } from "./settings_help.ts";

/** All names where they may be seen, so that a misspelt one is reported. */
async function readEnvironment(
  { environment }: Terminal,
): Promise<Variables> {
  const { state } = await Deno.permissions.query({ name: "env" });
  return state === "granted" ? environment.toObject() : Object.fromEntries(
    VARIABLES.map((name) => [name, environment.get(name)]),
  );
}

/** Serves a gateway with a page to chat, until it is interrupted. */
export async function serve(
  args: readonly string[],
  terminal: Terminal,
): Promise<ExitCode> {
  const variables = await readEnvironment(terminal);
  const settings = await readSettings({
    args,
    variables,
    readTextFile: Deno.readTextFile,
  });
  if (settings === undefined) {
    await terminal.write(HELP);
    return EXIT_CODE.ok;
  }
  using interruption = terminal.watchInterruption();
  await using gateway = await serveGateway(settings, {
    environment: terminal.environment,
    log: (line) => terminal.writeError(`${line}\n`),
  });
  const { url, isDemo, isOpen } = gateway;
  if (isDemo) {
    await terminal.write(
      "No provider is configured: models of the library answer.\n",
    );
  }
  await terminal.write(`Chat at ${url}/\n`);
  if (!isOpen && settings.apiKeys === undefined) {
    await terminal.writeError(
      "warning: Nobody is answered: set keys with PARLEY_API_KEYS, which " +
        "others than this machine need\n",
    );
  } else if (isOpen && variables.PARLEY_API_KEY) {
    await terminal.writeError(
      "warning: PARLEY_API_KEY is for asking: PARLEY_API_KEYS are the keys " +
        "that open this gateway, and none is set\n",
    );
  }
  const model = await gateway.check();
  const body = JSON.stringify({
    model,
    stream: true,
    messages: [{ role: "user", content: "Hello" }],
  });
  const key = isOpen ? "" : ' \\\n  -H "authorization: Bearer $PARLEY_API_KEY"';
  await terminal.write(
    `\nOr ask it as OpenAI is asked:\n` +
      `curl -N ${url}/v1/chat/completions${key} \\\n` +
      `  -H "content-type: application/json" -d '${body}'\n`,
  );
  await aborted(interruption.signal);
  return EXIT_CODE.ok;
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  signal.addEventListener("abort", () => resolve());
  await promise;
}
