/**
 * Serves a gateway with a page to chat, until it is interrupted.
 *
 * `deno task serve --help` lists what the environment sets.
 */

import { serve } from "./_serve.ts";
import { HELP, NAMES, readServeSettings } from "./_serve_settings.ts";

/** All names where they may be seen, so that a misspelt one is reported. */
async function readEnvironment(): Promise<Record<string, string | undefined>> {
  const { state } = await Deno.permissions.query({ name: "env" });
  return state === "granted"
    ? Deno.env.toObject()
    : Object.fromEntries(NAMES.map((name) => [name, Deno.env.get(name)]));
}

async function main(args: readonly string[]): Promise<void> {
  if (args.some((argument) => argument === "--help" || argument === "-h")) {
    return console.log(HELP);
  }
  if (args.length > 0) {
    throw new TypeError('No argument is known: see "deno task serve --help"');
  }
  const settings = readServeSettings(await readEnvironment());
  await using gateway = await serve(
    settings,
    {
      log(entry) {
        // A look at the page is a dozen files.
        if (entry.path.startsWith("/v1/")) console.error(JSON.stringify(entry));
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
    console.log("No provider is configured: models of the library answer.");
  }
  if (!isOpen && settings.apiKeys.length === 0) {
    console.log("PARLEY_API_KEYS is not set: nobody is answered.");
  }
  console.log(`Chat at ${url}/\n\nOr ask it as OpenAI is asked:`);
  console.log(
    `curl -N ${url}/v1/chat/completions${key} \\\n` +
      `  -H "content-type: application/json" -d '${body}'`,
  );
  await interruption();
}

/** Ends when the process is to end. */
async function interruption(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const name of signals) Deno.addSignalListener(name, resolve);
  await promise;
  // A second Ctrl-C ends the process, should the first one not do.
  for (const name of signals) Deno.removeSignalListener(name, resolve);
}

try {
  await main(Deno.args);
} catch (error) {
  console.error(`error: ${error instanceof Error ? error.message : error}`);
  Deno.exitCode = 1;
}
