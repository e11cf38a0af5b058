import { isProviderError } from "@parley/chat";
import type { Server } from "./server.ts";

/** The models of a server. */
export interface ListedServer {
  /** The name that stands before the slash of a model. */
  readonly server: string;
  /** Where it is. */
  readonly url: string;
  readonly defaultModel: string;
  readonly models: readonly string[];
  readonly imageModels: readonly string[];
  readonly modelAliases: Readonly<Record<string, string>>;
  /** Why it lists nothing. */
  readonly error?: string | undefined;
}

/**
 * Lists the models of a server.
 *
 * @param server The server; one that does not tell is listed with the reason.
 * @param signal Ends it.
 */
export async function listModels(
  { name, provider, defaultModel, listModels }: Server,
  signal: AbortSignal,
): Promise<ListedServer> {
  const { imageModels, modelAliases } = provider;
  const url = provider.baseUrl || provider.url;
  const listed = { server: name, url, defaultModel, imageModels, modelAliases };
  try {
    const models = await listModels?.(signal) ?? provider.models;
    return { ...listed, models };
  } catch (error) {
    if (!isProviderError(error)) throw error;
    return { ...listed, models: [], error: error.message };
  }
}

/** Writes the models of a server for people. */
export function toParagraph(listed: ListedServer): string {
  const { server, url, models, error } = listed;
  const lines = error === undefined
    ? models.map((model) => `${server}/${model}${toNotes(model, listed)}`)
    : [error];
  return [`${server} (${url})`, ...lines.map((line) => `  ${line}`)]
    .join("\n") + "\n";
}

function toNotes(
  model: string,
  { defaultModel, imageModels, modelAliases }: ListedServer,
): string {
  const notes = [
    ...(model === defaultModel ? ["default"] : []),
    ...(imageModels.includes(model) ? ["pictures"] : []),
    ...Object.keys(modelAliases)
      .filter((alias) => modelAliases[alias] === model)
      .map((alias) => `also ${alias}`),
  ];
  return notes.length > 0 ? ` (${notes.join(", ")})` : "";
}
