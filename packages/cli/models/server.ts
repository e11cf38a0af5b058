import { type Provider, providers } from "@parley/chat";
import { findKey } from "../settings/keys.ts";
import { createServerProvider, type Protocol } from "../settings/protocols.ts";
import type { ServerSettings, Settings } from "../settings/settings.ts";
import { UsageError } from "../terminal/exit_code.ts";
import type { Environment } from "../terminal/terminal.ts";
import { toOllamaUrl } from "./ollama_url.ts";
import { findSiteFactory, type SiteFactory } from "./site_factory.ts";

/** A server that only `--base-url` tells of, by what it speaks. */
const BY_URL = {
  "openai": "server",
  "chat-ui": "chat-ui",
} as const satisfies Record<Protocol, string>;

const OPENAI_URL = "https://api.openai.com/v1";

/** What OpenAI's own server is asked where no model is named. */
const OPENAI_MODEL = "gpt-4o-mini";

/** What servers are found by. */
export interface ServerContext {
  readonly settings: Settings;
  readonly environment: Environment;
}

/** Something that can be asked. */
export interface Server {
  /** The name that stands before the slash of a model. */
  readonly name: string;
  readonly provider: Provider;
  /** The model that is asked where none is named; empty where none is known. */
  readonly defaultModel: string;
  /** Asks for the models that it has now; absent where they are known. */
  listModels?(signal: AbortSignal): Promise<readonly string[]>;
}

/** Which server, and what is asked of it. */
export interface ServerChoice {
  /** A name of {@linkcode listServerNames}, or of {@linkcode BY_URL}. */
  readonly name?: string | undefined;
  /** Another server that speaks the same protocol. */
  readonly baseUrl?: string | undefined;
  readonly model?: string | undefined;
}

/** Whether OpenAI's server is set up, or another in its place. */
export function hasOpenAi({ environment }: ServerContext): boolean {
  return ["OPENAI_API_KEY", "OPENAI_BASE_URL"].some((name) =>
    environment.get(name)
  );
}

/** Lists the names of all servers. */
export function listServerNames({ settings }: ServerContext): string[] {
  const names = [...Object.keys(settings.servers), "openai", "ollama"];
  return [...new Set([...names, ...Object.keys(providers)])];
}

/** Finds a name in any letter case; with a URL, that of a protocol too. */
export function findServerName(
  name: string,
  context: ServerContext,
): string | undefined {
  return [...listServerNames(context), ...Object.values(BY_URL)]
    .find((known) => known.toLowerCase() === name.toLowerCase());
}

/**
 * Makes what asks a server.
 *
 * @throws {UsageError} If nothing tells where it is.
 */
export async function createServer(
  choice: ServerChoice,
  context: ServerContext,
): Promise<Server> {
  const { name = BY_URL.openai, baseUrl } = choice;
  const instance = providers[name];
  const create = instance && findSiteFactory(instance);
  if (instance !== undefined && create !== undefined) {
    return await createSite(instance, create, choice, context);
  }
  const found = baseUrl === undefined
    ? findServer(name, context)
    : { baseUrl, protocol: name === "chat-ui" ? name : "openai" } as const;
  if (found === undefined) {
    throw new UsageError(`"${name}" is any server: say which with --base-url`);
  }
  return await createSelfHosted(
    baseUrl === undefined ? name : BY_URL[found.protocol ?? "openai"],
    found,
    context,
  );
}

async function createSite(
  { id, models, modelAliases }: Provider,
  create: SiteFactory,
  { baseUrl, model }: ServerChoice,
  { environment }: ServerContext,
): Promise<Server> {
  const apiKey = await findKey(id, undefined, environment);
  // Only the public site's models are known.
  const isForeign = baseUrl !== undefined && model !== undefined &&
    !models.includes(model) && !Object.hasOwn(modelAliases, model);
  const provider = create({
    baseUrl,
    ...(apiKey && { apiKey }),
    ...(isForeign && { models: [...models, model] }),
  });
  return { name: id, provider, defaultModel: provider.defaultModel };
}

async function createSelfHosted(
  name: string,
  { baseUrl, protocol, model: defaultModel }: ServerSettings,
  { environment }: ServerContext,
): Promise<Server> {
  const variable = name === "openai" ? "OPENAI_API_KEY" : undefined;
  const apiKey = await findKey(name, variable, environment);
  const provider = createServerProvider(protocol, {
    id: name,
    baseUrl,
    ...(apiKey && { apiKey }),
  });
  return {
    name,
    provider,
    defaultModel: defaultModel ?? (baseUrl === OPENAI_URL ? OPENAI_MODEL : ""),
    listModels: (signal) => provider.listModels({ signal, maxRetries: 0 }),
  };
}

function findServer(
  name: string,
  { settings, environment }: ServerContext,
): ServerSettings | undefined {
  const server = settings.servers[name];
  if (server !== undefined) return server;
  if (name === "openai") {
    return { baseUrl: environment.get("OPENAI_BASE_URL") || OPENAI_URL };
  }
  return name === "ollama"
    ? { baseUrl: toOllamaUrl(environment.get("OLLAMA_HOST")) }
    : undefined;
}
