import { isProviderError, type Provider } from "@parley/chat";
import { UsageError } from "../terminal/exit_code.ts";
import { toSuggestion } from "../terminal/suggestion.ts";
import {
  createServer,
  findServerName,
  hasOpenAi,
  listServerNames,
  type Server,
  type ServerContext,
} from "./server.ts";

/** Which model is wanted. */
export interface ModelChoice {
  /** An alias, `server/model`, a server, or a model of the usual server. */
  readonly model?: string | undefined;
  /** Where the server is. */
  readonly baseUrl?: string | undefined;
  /** The model that was asked before; its server is the usual one. */
  readonly before?: Pick<ChosenModel, "baseUrl" | "name"> | undefined;
}

/** A model that can be asked. */
export interface ChosenModel {
  readonly provider: Provider;
  /** The id of the model. */
  readonly model: string;
  /** How it is named here: `server/model`. */
  readonly name: string;
  readonly baseUrl?: string | undefined;
}

/**
 * Finds the model to ask.
 *
 * @throws {UsageError} If there is none.
 * @throws {ProviderError} If a server that has to say what it has does not.
 */
export async function chooseModel(
  choice: ModelChoice,
  context: ServerContext,
  signal: AbortSignal,
): Promise<ChosenModel> {
  // Another address has other models.
  const before = choice.baseUrl === undefined ? choice.before : undefined;
  const usual = choice.baseUrl === undefined
    ? context.settings.model
    : undefined;
  const wanted = choice.model ?? before?.name ?? usual;
  const [earlier] = before?.name.split("/") ?? [];
  const { server: named = earlier, model } = splitName(
    wanted,
    choice.baseUrl,
    context,
  );
  const isSame = named !== undefined && named === earlier;
  const baseUrl = isSame ? before?.baseUrl : choice.baseUrl;
  const name = named ??
    (baseUrl === undefined ? findUsualServer(context) : undefined);
  const server = await createServer({ name, baseUrl, model }, context);
  const isGuessed = wanted === undefined && baseUrl === undefined &&
    server.name === "ollama";
  const id = model || server.defaultModel ||
    await findFirstModel(server, isGuessed, signal);
  const { provider } = server;
  return {
    provider,
    model: provider.getModel(id),
    name: `${server.name}/${id}`,
    baseUrl,
  };
}

interface SplitName {
  readonly server?: string | undefined;
  readonly model?: string | undefined;
}

function splitName(
  wanted: string | undefined,
  baseUrl: string | undefined,
  context: ServerContext,
): SplitName {
  const name = resolveAlias(wanted, context);
  const [first = "", ...rest] = name?.split("/") ?? [];
  const server = findServerName(first, context);
  if (server !== undefined) {
    return { server, model: rest.join("/") || undefined };
  }
  // Names of models may have slashes of their own.
  const suggestion = rest.length === 0 || baseUrl !== undefined
    ? ""
    : toSuggestion(first, listServerNames(context));
  if (suggestion !== "") {
    throw new UsageError(`Server "${first}" is unknown${suggestion}`);
  }
  return { model: name };
}

function resolveAlias(
  name: string | undefined,
  { settings: { aliases } }: ServerContext,
): string | undefined {
  return name !== undefined && Object.hasOwn(aliases, name)
    ? aliases[name]
    : name;
}

/** The server that is asked where none is named. */
function findUsualServer(context: ServerContext): string {
  const [first = ""] =
    resolveAlias(context.settings.model, context)?.split("/") ?? [];
  return findServerName(first, context) ??
    (hasOpenAi(context) ? "openai" : "ollama");
}

async function findFirstModel(
  { name, listModels }: Server,
  isGuessed: boolean,
  signal: AbortSignal,
): Promise<string> {
  let models: readonly string[] = [];
  try {
    models = await listModels?.(signal) ?? [];
  } catch (error) {
    if (!isGuessed || !isProviderError(error)) throw error;
    throw new UsageError(
      "There is nobody to ask: start Ollama, set OPENAI_API_KEY, or name a " +
        'server with -m or --base-url (see "parley models")',
    );
  }
  const [first] = models;
  if (first === undefined) {
    throw new UsageError(`Server "${name}" lists no models: name one with -m`);
  }
  return first;
}
