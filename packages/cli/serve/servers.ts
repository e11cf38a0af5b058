import { isProviderError, type Provider } from "@parley/chat";
import {
  createServerProvider,
  type ServerProvider,
} from "../settings/protocols.ts";
import { UsageError } from "../terminal/exit_code.ts";
import type { Environment } from "../terminal/terminal.ts";
import { pickBelow, type Settings } from "./settings_table.ts";
import type { ServerSettings } from "./program_settings.ts";

/** How many milliseconds a server may take to say that it is there. */
const PATIENCE = 3_000;

/** What a server said when it was first asked. */
export interface ServerState {
  /** Its models; none where it does not answer. */
  readonly models: readonly string[];
  /** What there is to say. */
  readonly message: string;
}

/** Reads the key that a variable holds. */
function readKey(
  name: string,
  environment: Environment,
  at: string,
): string {
  const key = environment.get(name)?.trim();
  if (key) return key;
  throw new UsageError(
    `Variable "${name}", which "${at}.apiKeyVariable" names, is not set, ` +
      `or Deno may not read it: --allow-env=${name}`,
  );
}

function createServer(
  id: string,
  { protocol, apiKeyVariable, ...options }: ServerSettings,
  environment: Environment,
  at: string,
): ServerProvider {
  const key = apiKeyVariable !== undefined && {
    apiKey: readKey(apiKeyVariable, environment, at),
  };
  try {
    return createServerProvider(protocol, { ...options, id, ...key });
  } catch (error) {
    if (!isProviderError(error)) throw error;
    throw new UsageError(`Server "${id}" cannot be set so: ${error.message}`);
  }
}

/**
 * Makes the providers of the servers that are set.
 *
 * @param settings What is set.
 * @param environment Where their keys may be.
 * @throws {UsageError} If one is set wrongly.
 */
export function createServers(
  settings: Settings,
  environment: Environment,
): readonly ServerProvider[] {
  const { baseUrl, ...openAi } = pickBelow(settings, "openai");
  if (baseUrl === undefined && Object.keys(openAi).length > 0) {
    throw new UsageError(
      'A key or models are set, but not where: set "--openai-base-url", too',
    );
  }
  const servers = Object.entries(settings.servers ?? {});
  return [
    ...(baseUrl === undefined ? [] : [
      createServer("openai", { baseUrl, ...openAi }, environment, "openai"),
    ]),
    ...servers.map(([id, server]) =>
      createServer(id, server, environment, `servers.${id}`)
    ),
  ];
}

/**
 * Asks a server for its models, to say at the start whether it is there: one that
 * is not is asked anew with each request.
 *
 * @param provider The server.
 */
export async function checkServer(
  provider: ServerProvider,
): Promise<ServerState> {
  try {
    const models = await provider.listModels({
      timeouts: { total: PATIENCE },
      maxRetries: 0,
    });
    const count = models.length;
    const message = `${provider.id}: ${count} model${count === 1 ? "" : "s"}`;
    return { models, message };
  } catch (error) {
    const reason = isProviderError(error)
      ? error.message
      : "it does not answer";
    return {
      models: [],
      message: `warning: ${reason}\n  "${provider.id}" is served all the ` +
        "same, and asked anew with each request",
    };
  }
}

/**
 * Names a model of a provider, as it can be asked for.
 *
 * @param provider The provider.
 * @param models The models of its server.
 */
export function toModelName(
  { id, defaultModel, imageModels }: Provider,
  models: readonly string[] = [],
): string {
  const chat = models.find((model) => !imageModels.includes(model));
  return `${id}/${defaultModel || chat || "MODEL"}`;
}
