import { parseArgs } from "@std/cli/parse-args";
import { UsageError } from "../terminal/exit_code.ts";

/** What a command line asks for. */
export interface AskArguments {
  readonly help: boolean;
  readonly json: boolean;
  readonly provider?: string | undefined;
  readonly model?: string | undefined;
  readonly baseUrl?: string | undefined;
  /** The prompt; `"-"` stands for standard input. */
  readonly prompt?: string | undefined;
}

/** What `--help` says. */
export const HELP = `Ask one provider one question.

Usage: parley ask [options] PROMPT

  PROMPT           the question; "-" reads it from standard input

  --provider ID    the provider, in any letter case (default: the one whose
                   public site was last known to answer)
  --model MODEL    a model or alias (default: the provider's own choice)
  --base-url URL   another server that speaks the provider's protocol; with it,
                   --model may name any model. "--provider OpenAiCompatible" is
                   any server that speaks like OpenAI's, and needs it, with the
                   path of its version: http://127.0.0.1:11434/v1
  --json           print each event as one line of JSON
  --help           print this

Only the answer goes to standard output, and a line feed where it ends without
one. A picture is a line with its URL, or with a data: URL where the upstream
gives bytes. Warnings and errors go to standard error.

With --json, warnings are among the events, and the line of type "conversation"
carries session cookies: store it like a password.

PARLEY_API_KEY in the environment is sent as "Authorization: Bearer".
`;

/**
 * Reads a command line.
 *
 * @throws {UsageError} If it makes no sense.
 */
export function parseAskArguments(args: readonly string[]): AskArguments {
  const words: string[] = [];
  const parsed = parseArgs([...args], {
    boolean: ["help", "json"],
    string: ["provider", "model", "base-url"],
    alias: { help: "h" },
    unknown(argument, key) {
      if (key !== undefined) {
        throw new UsageError(`Option "${argument}" is unknown`);
      }
      // Collected here, for `parseArgs` makes numbers of words like "007".
      words.push(argument);
      return false;
    },
  });
  // What comes after "--".
  words.push(...parsed._.map(String));

  for (const name of ["provider", "model", "base-url"] as const) {
    if (parsed[name] === "") {
      throw new UsageError(`Option "--${name}" needs a value`);
    }
  }
  const [prompt, ...others] = words;
  if (others.length > 0) {
    throw new UsageError("The prompt is more than one argument: quote it");
  }
  const { help, json, provider, model, "base-url": baseUrl } = parsed;
  return { help, json, provider, model, baseUrl, prompt };
}
