import { parseArgs } from "@std/cli/parse-args";
import { UsageError } from "./exit_code.ts";
import { toSuggestion } from "./suggestion.ts";

/** The options that a command knows. */
export interface KnownOptions<
  B extends string,
  S extends string,
  C extends string,
> {
  /** Those without a value. */
  readonly flags?: readonly B[];
  /** Those with a value. */
  readonly values?: readonly S[];
  /** Those that may be there several times. */
  readonly lists?: readonly C[];
  /** Other names of them. */
  readonly alias?: Readonly<Record<string, B | S | C>>;
}

/** What a command line says. */
export interface CommandLine<
  B extends string,
  S extends string,
  C extends string,
> {
  /** Whether a flag is there. */
  has(name: B | "help"): boolean;
  /** The value of an option. */
  get(name: S): string | undefined;
  /** All values of an option. */
  list(name: C): readonly string[];
  /** What is no option. */
  readonly words: readonly string[];
}

/**
 * Reads a command line.
 *
 * @param args The command line.
 * @param known The options that there are, besides `--help`.
 * @throws {UsageError} If it makes no sense.
 */
export function readCommandLine<
  B extends string = never,
  S extends string = never,
  C extends string = never,
>(
  args: readonly string[],
  { flags = [], values = [], lists = [], alias }: KnownOptions<B, S, C>,
): CommandLine<B, S, C> {
  const boolean: readonly string[] = ["help", ...flags];
  const string: readonly string[] = [...values, ...lists];
  const names = [...boolean, ...string].map((name) => `--${name}`);
  const words: string[] = [];
  const parsed: Readonly<Record<string, unknown>> = parseArgs([...args], {
    boolean,
    string,
    collect: lists as readonly string[],
    alias: { h: "help", ...alias },
    unknown(argument, key) {
      if (key !== undefined) {
        const [name = ""] = argument.split("=");
        throw new UsageError(
          `Option "${name}" is unknown` +
            (toSuggestion(name, names) ||
              ": --help tells those that are known"),
        );
      }
      // Collected here, for `parseArgs` makes numbers of words like "007".
      words.push(argument);
      return false;
    },
  });
  // What comes after "--".
  if (Array.isArray(parsed._)) words.push(...parsed._.map(String));

  for (const name of string) {
    if ([parsed[name]].flat().includes("")) {
      throw new UsageError(`Option "--${name}" needs a value`);
    }
  }
  return {
    has: (name) => parsed[name] === true,
    get(name) {
      const value = parsed[name];
      return typeof value === "string" ? value : undefined;
    },
    list: (name) => [parsed[name] ?? []].flat().map(String),
    words,
  };
}
