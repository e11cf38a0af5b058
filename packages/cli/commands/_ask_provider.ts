import * as library from "@parley/chat";
import {
  cohereC4aiCommand,
  createOpenAiCompatible,
  getProvider,
  type OpenAiCompatibleProvider,
  type Provider,
  type ProviderOptions,
  providers,
} from "@parley/chat";
import { UsageError } from "../terminal/exit_code.ts";

/** Finds the factory that stands beside a ready instance. */
function findFactory(
  instance: Provider,
): ((options: ProviderOptions) => Provider) | undefined {
  const entries = new Map<string, unknown>(Object.entries(library));
  for (const [name, value] of entries) {
    if (value !== instance) continue;
    const factory = `create${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    const create = entries.get(factory);
    if (typeof create === "function") return (options) => create(options);
  }
  return undefined;
}

/** The provider that has no site of its own. */
const WITHOUT_SITE = "OpenAiCompatible";

/** Which provider to ask, and how. */
export interface ProviderChoice {
  readonly id?: string | undefined;
  readonly model?: string | undefined;
  readonly baseUrl?: string | undefined;
  readonly apiKey?: string | undefined;
}

/**
 * Makes the provider to ask.
 *
 * @throws {ProviderError} If there is none, or it cannot be set so.
 */
export function toProvider(
  { id, model, baseUrl, apiKey }: ProviderChoice,
): Provider {
  if (isWithoutSite(id)) return toOpenAiCompatible({ baseUrl, apiKey });
  const known = findProvider(id);
  const create = findFactory(known);
  if (create === undefined) {
    throw new TypeError(`Provider "${known.id}" has no factory here`);
  }
  // Only the public site's models are known.
  const isForeign = baseUrl !== undefined && model !== undefined &&
    !known.models.includes(model) && !Object.hasOwn(known.modelAliases, model);
  return create({
    baseUrl,
    ...(apiKey && { apiKey }),
    ...(isForeign && { models: [...known.models, model] }),
  });
}

/**
 * Lists the providers and their models, as text or as lines of JSON. The models
 * of a server without a site are those that it lists.
 *
 * @throws {ProviderError} If there is no such provider, or its server does not
 * tell.
 */
export async function listProviders(
  { id, json, signal, ...server }: ProviderChoice & {
    readonly json: boolean;
    readonly signal: AbortSignal;
  },
): Promise<string> {
  const shown = isWithoutSite(id)
    ? [await listModels(toOpenAiCompatible(server), signal)]
    : id === undefined
    ? Object.values(providers)
    : [findProvider(id)];
  return shown.map((provider) =>
    json ? toJsonLine(provider) : toParagraph(provider)
  ).join(json ? "" : "\n");
}

function isWithoutSite(id: string | undefined): boolean {
  return id?.toLowerCase() === WITHOUT_SITE.toLowerCase();
}

function toOpenAiCompatible(
  { baseUrl, apiKey }: Pick<ProviderChoice, "apiKey" | "baseUrl">,
): OpenAiCompatibleProvider {
  if (baseUrl === undefined) {
    throw new UsageError(
      `"${WITHOUT_SITE}" is any server: say which with --base-url`,
    );
  }
  return createOpenAiCompatible({ baseUrl, ...(apiKey && { apiKey }) });
}

async function listModels(
  provider: OpenAiCompatibleProvider,
  signal: AbortSignal,
): Promise<Provider> {
  return { ...provider, models: await provider.listModels({ signal }) };
}

function findProvider(id: string | undefined): Provider {
  if (id !== undefined) return getProvider(id);
  return Object.values(providers).find(({ working }) => working) ??
    cohereC4aiCommand;
}

function toJsonLine(provider: Provider): string {
  const { id, label, url, working, defaultModel } = provider;
  const { models, imageModels, modelAliases } = provider;
  return JSON.stringify({
    id,
    label,
    url,
    working,
    defaultModel,
    models,
    imageModels,
    modelAliases,
  }) + "\n";
}

function toParagraph(provider: Provider): string {
  const { id, url, working, modelAliases } = provider;
  const models = provider.models.map((model) => {
    const notes = [
      ...(model === provider.defaultModel ? ["default"] : []),
      ...(provider.imageModels.includes(model) ? ["pictures"] : []),
      ...Object.keys(modelAliases)
        .filter((alias) => provider.getModel(alias) === model)
        .map((alias) => `also ${alias}`),
    ];
    return `  ${model}${notes.length > 0 ? ` (${notes.join(", ")})` : ""}\n`;
  });
  const state = working ? "last known to answer" : "not known to answer";
  return `${id} (${url}, ${state})\n${models.join("")}`;
}
