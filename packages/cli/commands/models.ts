import { parseArgs } from "@std/cli/parse-args";
import { EXIT_CODE, type ExitCode } from "../terminal/exit_code.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { listProviders } from "./_ask_provider.ts";

/** Lists the providers and their models. */
export async function models(
  args: readonly string[],
  terminal: Terminal,
): Promise<ExitCode> {
  const { json, provider: id, "base-url": baseUrl } = parseArgs([...args], {
    boolean: ["json"],
    string: ["provider", "base-url"],
  });
  using interruption = terminal.watchInterruption();
  const { signal } = interruption;
  const apiKey = terminal.environment.get("PARLEY_API_KEY");
  await terminal.write(
    await listProviders({ id, baseUrl, apiKey, json, signal }),
  );
  return EXIT_CODE.ok;
}
