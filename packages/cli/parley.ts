import { findMeantName } from "@parley/chat/provider";
import packageFile from "./deno.json" with { type: "json" };
import { complain } from "./terminal/complain.ts";
import type { Command } from "./terminal/command.ts";
import {
  EXIT_CODE,
  type ExitCode,
  toExitCode,
  UsageError,
} from "./terminal/exit_code.ts";
import type { Terminal } from "./terminal/terminal.ts";

/** Loads the commands, by their names: most weigh more than is needed. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  ask: async () => (await import("./commands/ask.ts")).ask,
  chat: async () => (await import("./commands/chat.ts")).chat,
  chats: async () => (await import("./commands/chats.ts")).chats,
  models: async () => (await import("./commands/models.ts")).models,
  serve: async () => (await import("./serve/serve.ts")).serve,
};

const HELP = `Ask models, chat with them, and serve them.

Usage: parley "QUESTION"
       parley COMMAND [options]

  ask       ask one question, as without a command
  chat      chat, with a history of lines
  models    list the models, and probe whether they answer
  chats     list, show and delete what was said
  serve     serve a gateway that speaks like OpenAI's, with a page to chat

  --help       print this; "parley COMMAND --help" says more
  --version    print the version

Exit code: 0 a whole answer, 2 a command line that makes no sense, 3 refused,
4 no connection, 5 an answer that is cut, 130 interrupted, 1 any other failure.
`;

/**
 * Runs the program.
 *
 * @param args The command line.
 * @param terminal What is read from and written to.
 * @returns The exit code.
 */
export async function parley(
  args: readonly string[],
  terminal: Terminal,
): Promise<ExitCode> {
  try {
    return await run(args, terminal);
  } catch (error) {
    // Whoever reads has read enough, as `head` does.
    if (error instanceof Deno.errors.BrokenPipe) return EXIT_CODE.ok;
    await complain(error, terminal);
    return toExitCode(error);
  }
}

async function run(
  args: readonly string[],
  terminal: Terminal,
): Promise<ExitCode> {
  // A question may be piped in, with nothing to say about it.
  const [name = terminal.isTerminal.input ? "--help" : "ask", ...others] = args;
  if (name === "--help" || name === "-h") {
    await terminal.write(HELP);
    return EXIT_CODE.ok;
  }
  if (name === "--version" || name === "-V") {
    await terminal.write(`parley ${packageFile.version}\n`);
    return EXIT_CODE.ok;
  }
  const names = Object.keys(COMMANDS);
  const meant = args.length === 1 && !/\s/.test(name)
    ? findMeantName(name, names)
    : undefined;
  if (meant !== undefined && meant !== name) {
    throw new UsageError(
      `There is no command "${name}": did you mean "${meant}"? ` +
        `To ask it: parley ask "${name}"`,
    );
  }
  const last = args.at(-1) ?? "";
  const isValue = /^-[^=]*$/.test(args.at(-2) ?? "");
  if (name.startsWith("-") && names.includes(last) && !isValue) {
    throw new UsageError(
      `A command goes before its options: parley ${last} …. ` +
        `To ask it: parley ask … "${last}"`,
    );
  }
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (load !== undefined) return await (await load())(others, terminal);
  const { ask } = await import("./commands/ask.ts");
  return await ask(args, terminal);
}
