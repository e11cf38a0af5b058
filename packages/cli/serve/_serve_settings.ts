import * as z from "zod/mini";
import { UsageError } from "../terminal/exit_code.ts";

/** What the environment sets for `parley serve`. */
export interface ServeSettings {
  /** The address to listen on. */
  readonly hostname: string;
  /** The port to listen on; 0 takes a free one. */
  readonly port: number;
  /** The keys that open the gateway. */
  readonly apiKeys: readonly string[];
  /** The names by which it is asked besides those of this machine. */
  readonly hosts: readonly string[];
  /** The origins whose pages may ask. */
  readonly origins: readonly string[];
  /** What seals conversations. */
  readonly conversationKey: string | undefined;
  /** The ids of public providers to serve. */
  readonly providers: readonly string[];
  /** A server that speaks like OpenAI's. */
  readonly openAi: OpenAiSettings | undefined;
  /** Models to ask one after another, by the name of a failover. */
  readonly routes: Readonly<Record<string, readonly string[]>>;
}

/** A server that speaks like OpenAI's. */
export interface OpenAiSettings {
  readonly baseUrl: string;
  readonly apiKey: string | undefined;
  /** Those of its models that draw. */
  readonly imageModels: readonly string[];
}

/** What `--help` says. */
export const HELP =
  `Serve a gateway that speaks like OpenAI's, with a page to chat.

Usage: parley serve

Where no provider is configured it serves models that come with the library:
they need no network, and "demo-failover" breaks off every other time, to show
how another model takes over.

The environment sets:

  PARLEY_PORT                 the port (default: 8000; 0 takes a free one)
  PARLEY_HOSTNAME             the address (default: 127.0.0.1)
  PARLEY_API_KEYS             the keys that open the gateway, with commas; needed
                              where others than this machine can reach it
  PARLEY_HOSTS                other names than localhost to answer to where there
                              is no key, with commas
  PARLEY_ORIGINS              the origins whose pages may ask, with commas
  PARLEY_CONVERSATION_KEY     what seals conversations, at least 32 characters
                              (default: a new one at each start)
  PARLEY_PROVIDERS            public providers to serve, with commas, such as
                              AmigoChat,CohereForAI_C4AI_Command
  PARLEY_OPENAI_BASE_URL      a server that speaks like OpenAI's, such as
                              http://127.0.0.1:11434/v1
  PARLEY_OPENAI_API_KEY       the key for it
  PARLEY_OPENAI_IMAGE_MODELS  those of its models that draw, with commas
  PARLEY_ROUTES               failovers by their names, as JSON, such as
                              {"best": ["openai/llama3.2", "AmigoChat/gpt-4o"]}

Each request to /v1/ is one line of JSON on standard error. Ctrl-C stops.
`;

/** The names that the environment may have. */
export const NAMES = [
  "PARLEY_PORT",
  "PARLEY_HOSTNAME",
  "PARLEY_API_KEYS",
  "PARLEY_HOSTS",
  "PARLEY_ORIGINS",
  "PARLEY_CONVERSATION_KEY",
  "PARLEY_PROVIDERS",
  "PARLEY_OPENAI_BASE_URL",
  "PARLEY_OPENAI_API_KEY",
  "PARLEY_OPENAI_IMAGE_MODELS",
  "PARLEY_ROUTES",
] as const;

const Routes = z.record(
  z.string(),
  z.array(z.string().check(z.regex(/^[^/]+\/./))).check(z.minLength(1)),
);

/** Reads failovers; the words of what is wrong would repeat the value. */
function readRoutes(text: string): ServeSettings["routes"] {
  try {
    return Routes.parse(JSON.parse(text));
  } catch {
    throw new UsageError(
      'PARLEY_ROUTES must be JSON like {"best": ["provider/model"]}',
    );
  }
}

/** The part of an environment that is ours. */
export type ServeEnvironment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the settings from an environment.
 *
 * @param environment Names and values; one without the prefix is not ours.
 * @returns The settings.
 * @throws {UsageError} If one is wrong or unknown. It repeats no value.
 */
export function readServeSettings(
  environment: ServeEnvironment,
): ServeSettings {
  const known: readonly string[] = NAMES;
  for (const name of Object.keys(environment)) {
    if (name.startsWith("PARLEY_") && !known.includes(name)) {
      throw new UsageError(`${name} is unknown: see "parley serve --help"`);
    }
  }

  function read(name: typeof NAMES[number]): string | undefined {
    return environment[name]?.trim() || undefined;
  }

  function list(name: typeof NAMES[number]): readonly string[] {
    const words = read(name)?.split(",").map((word) => word.trim()) ?? [];
    return words.filter((word) => word !== "");
  }

  const port = read("PARLEY_PORT") ?? "8000";
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new UsageError("PARLEY_PORT must be a whole number up to 65535");
  }
  const baseUrl = read("PARLEY_OPENAI_BASE_URL");
  const apiKey = read("PARLEY_OPENAI_API_KEY");
  const imageModels = list("PARLEY_OPENAI_IMAGE_MODELS");
  if (baseUrl === undefined && (apiKey !== undefined || imageModels.length)) {
    throw new UsageError("PARLEY_OPENAI_BASE_URL says where, and is missing");
  }
  const conversationKey = read("PARLEY_CONVERSATION_KEY");
  if (conversationKey !== undefined && conversationKey.length < 32) {
    throw new UsageError(
      "PARLEY_CONVERSATION_KEY must have at least 32 characters",
    );
  }
  return {
    hostname: read("PARLEY_HOSTNAME") ?? "127.0.0.1",
    port: Number(port),
    apiKeys: list("PARLEY_API_KEYS"),
    hosts: list("PARLEY_HOSTS"),
    origins: list("PARLEY_ORIGINS"),
    conversationKey,
    providers: list("PARLEY_PROVIDERS"),
    openAi: baseUrl === undefined
      ? undefined
      : { baseUrl, apiKey, imageModels },
    routes: readRoutes(read("PARLEY_ROUTES") ?? "{}"),
  };
}
