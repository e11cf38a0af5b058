import { readCommandLine } from "../terminal/command_line.ts";
import { UsageError } from "../terminal/exit_code.ts";
import { toSuggestion } from "../terminal/suggestion.ts";
import { toFlag, toVariable } from "./setting.ts";
import { flag } from "./setting_kinds.ts";
import { type SettingPath, SETTINGS, type Settings } from "./settings_table.ts";

/** A value that is to be read, and where it stands. */
interface Given {
  readonly value: unknown;
  readonly source: string;
}

type GivenByPath = Partial<Record<SettingPath, Given>>;

/** Variables by their names. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** Where settings come from: the first has the last word. */
export interface SettingSources {
  /** The command line. */
  readonly args: readonly string[];
  /** The environment; what is not ours is not looked at. */
  readonly variables: Variables;
  /**
   * Reads a file.
   *
   * @param path Its path.
   */
  readonly readTextFile: (path: string) => Promise<string>;
}

/** The path of every setting. */
export const PATHS = Object.keys(SETTINGS) as readonly SettingPath[];

/** What else is named like a setting: `ask` and the example of `serve` read it. */
const OTHER_VARIABLES = ["PARLEY_API_KEY"];

/** Every variable that is looked at. */
export const VARIABLES: readonly string[] = [
  ...PATHS.map(toVariable),
  ...OTHER_VARIABLES,
];

function isFlag(path: SettingPath): boolean {
  return SETTINGS[path].kind.placeholder === "";
}

const FLAGS = PATHS.filter(isFlag).map(toFlag);

/** Writes a flag that has a value as one that has none. */
function toBareFlag(argument: string): string {
  const [, name = "", value] = /^--([^=]*)=(.*)$/.exec(argument) ?? [];
  if (!FLAGS.includes(name)) return argument;
  const isOn = flag.read(value);
  if (isOn === undefined) {
    throw new UsageError(`--${name} must be ${flag.wanted}`);
  }
  return isOn ? `--${name}` : `--no-${name}`;
}

function readArguments(
  args: readonly string[],
): { readonly help: boolean; readonly given: GivenByPath } {
  const line = readCommandLine(args.map(toBareFlag), {
    flags: [...FLAGS, ...FLAGS.map((name) => `no-${name}`)],
    values: PATHS.filter((path) => !isFlag(path)).map(toFlag),
  });
  const [word] = line.words;
  if (word !== undefined) {
    throw new UsageError(`"${word}" is no option: see "parley serve --help"`);
  }
  const given: GivenByPath = {};
  for (const path of PATHS) {
    const name = toFlag(path);
    const value = !isFlag(path)
      ? line.get(name)
      : line.has(name) || (line.has(`no-${name}`) ? false : undefined);
    if (value !== undefined) given[path] = { value, source: `--${name}` };
  }
  return { help: line.has("help"), given };
}

function readVariables(variables: Variables): GivenByPath {
  const paths = new Map(PATHS.map((path) => [toVariable(path), path]));
  const given: GivenByPath = {};
  for (const [name, text = ""] of Object.entries(variables)) {
    if (!name.startsWith("PARLEY_") || OTHER_VARIABLES.includes(name)) continue;
    const path = paths.get(name);
    if (path === undefined) {
      const suggestion = toSuggestion(name, [...paths.keys()]);
      throw new UsageError(
        `Variable "${name}" is unknown` +
          (suggestion || ': see "parley serve --help"'),
      );
    }
    if (text.trim() !== "") given[path] = { value: text, source: name };
  }
  return given;
}

/** The names of a file below which there are settings, such as `limits`. */
const GROUP_PATHS = new Set(PATHS.flatMap((path) => {
  const names = path.split(".").slice(0, -1);
  return names.map((_, index) => names.slice(0, index + 1).join("."));
}));

function isPath(path: string): path is SettingPath {
  return Object.hasOwn(SETTINGS, path);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function readEntries(
  file: string,
  entries: Readonly<Record<string, unknown>>,
  start = "",
): GivenByPath {
  const given: GivenByPath = {};
  for (const [name, value] of Object.entries(entries)) {
    const path = start + name;
    const source = `"${path}" in "${file}"`;
    if (isPath(path) && path !== "config") {
      given[path] = { value, source };
    } else if (GROUP_PATHS.has(path) && isRecord(value)) {
      Object.assign(given, readEntries(file, value, `${path}.`));
    } else {
      const known = [...PATHS, ...GROUP_PATHS];
      throw new UsageError(`${source} is unknown${toSuggestion(path, known)}`);
    }
  }
  return given;
}

async function readFile(
  file: string,
  readTextFile: SettingSources["readTextFile"],
): Promise<GivenByPath> {
  let text: string;
  try {
    text = await readTextFile(file);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new UsageError(`File "${file}" of --config is not there`);
  }
  let entries: unknown;
  try {
    entries = JSON.parse(text);
  } catch {
    // The words of the parser would repeat what it holds.
  }
  if (isRecord(entries)) return readEntries(file, entries);
  throw new UsageError(`File "${file}" of --config is not an object of JSON`);
}

function readGiven<Path extends SettingPath>(
  path: Path,
  { value, source }: Given,
): Settings[Path] {
  const { kind } = SETTINGS[path];
  const read = kind.read(value);
  if (read === undefined) {
    throw new UsageError(`${source} must be ${kind.wanted}`);
  }
  return read as Settings[Path];
}

/**
 * Reads the settings of `parley serve`: flags, then variables, then a file.
 *
 * @param sources Where they come from.
 * @returns What is set; `undefined` where the help is asked for.
 * @throws {UsageError} If one is wrong or unknown. It repeats no value.
 */
export async function readSettings(
  { args, variables, readTextFile }: SettingSources,
): Promise<Settings | undefined> {
  const { help, given: flags } = readArguments(args);
  if (help) return undefined;
  const own = { ...readVariables(variables), ...flags };
  const file = own.config && readGiven("config", own.config);
  const given: GivenByPath = {
    ...(file !== undefined && await readFile(file, readTextFile)),
    ...own,
  };
  return Object.fromEntries(
    PATHS.flatMap((path) => {
      const value = given[path];
      return value === undefined ? [] : [[path, readGiven(path, value)]];
    }),
  );
}
