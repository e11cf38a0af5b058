import { EXIT_CODE, type ExitCode, UsageError } from "../terminal/exit_code.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { serve as serveGateway } from "./_serve.ts";
import { HELP, NAMES, readServeSettings } from "./_serve_settings.ts";

/** All names where they may be seen, so that a misspelt one is reported. */
async function readEnvironment(
  { environment }: Terminal,
): Promise<Record<string, string | undefined>> {
  const { state } = await Deno.permissions.query({ name: "env" });
  return state === "granted"
    ? environment.toObject()
    : Object.fromEntries(NAMES.map((name) => [name, environment.get(name)]));
}

/** Serves a gateway with a page to chat, until it is interrupted. */
export async function serve(
  args: readonly string[],
  terminal: Terminal,
): Promise<ExitCode> {
  if (args.some((argument) => argument === "--help" || argument === "-h")) {
    await terminal.write(HELP);
    return EXIT_CODE.ok;
  }
  if (args.length > 0) {
    throw new UsageError('No argument is known: see "parley serve --help"');
  }
  const settings = readServeSettings(await readEnvironment(terminal));
  await using gateway = await serveGateway(
    settings,
    {
      log(entry) {
        // A look at the page is a dozen files.
        if (!entry.path.startsWith("/v1/")) return;
        void terminal.writeError(`${JSON.stringify(entry)}\n`);
      },
    },
  );
  const { url, model, isDemo, isOpen } = gateway;
  const key = isOpen ? "" : ' \\\n  -H "authorization: Bearer $PARLEY_API_KEY"';
  const body = JSON.stringify({
    model,
    stream: true,
    messages: [{ role: "user", content: "Hello" }],
  });
  if (isDemo) {
    await terminal.write(
      "No provider is configured: models of the library answer.\n",
    );
  }
  if (!isOpen && settings.apiKeys.length === 0) {
    await terminal.write("PARLEY_API_KEYS is not set: nobody is answered.\n");
  }
  await terminal.write(
    `Chat at ${url}/\n\nOr ask it as OpenAI is asked:\n` +
      `curl -N ${url}/v1/chat/completions${key} \\\n` +
      `  -H "content-type: application/json" -d '${body}'\n`,
  );
  using interruption = terminal.watchInterruption();
  await aborted(interruption.signal);
  return EXIT_CODE.ok;
}

async function aborted(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  signal.addEventListener("abort", () => resolve());
  await promise;
}
