import type { ExitCode } from "./exit_code.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Does what a command line asks for.
 *
 * @param args What follows the name of the command.
 * @param terminal What is read from and written to.
 * @returns How the program ends.
 * @throws {UsageError} If the command line makes no sense.
 * @throws {ProviderError} If a provider fails.
 */
export type Command = (
  args: readonly string[],
  terminal: Terminal,
) => Promise<ExitCode>;
