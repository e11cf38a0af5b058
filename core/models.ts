/**
 * The models of a provider.
 *
 * @module
 */

import type { ProviderDefinition } from "./definition.ts";
import { ProviderError, toNameList } from "./errors.ts";

/** Finds models by id and alias. */
export interface Models {
  /** The id of the model that is used where none is named. */
  readonly defaultModel: string;
  /** All ids. */
  readonly ids: readonly string[];
  /** The ids of those that make pictures. */
  readonly imageIds: readonly string[];
  /** Ids by their other names. */
  readonly aliases: Readonly<Record<string, string>>;
  /**
   * Finds the id of a model.
   *
   * @param name An id or alias; empty or absent means the default model.
   * @throws {ProviderError} If the name is neither, with code `unknown-model`.
   */
  find(name?: string): string;
  /** Whether a model makes pictures. */
  isImageModel(id: string): boolean;
}

/**
 * Makes the models of a provider.
 *
 * @param definition The known models.
 * @param givenIds Those that the caller names instead.
 */
export function createModels(
  definition: ProviderDefinition,
  givenIds: readonly string[] = definition.models,
): Models {
  const { id: provider, imageModels = [], modelAliases = {} } = definition;
  const ids = [...givenIds];
  const [first = definition.defaultModel] = ids;
  const defaultModel = ids.includes(definition.defaultModel)
    ? definition.defaultModel
    : first;
  const imageIds = imageModels.filter((id) => ids.includes(id));
  const aliases = Object.fromEntries(
    Object.entries(modelAliases).filter(([, id]) => ids.includes(id)),
  );
  return {
    defaultModel,
    ids,
    imageIds,
    aliases,
    find(name = "") {
      if (name === "") return defaultModel;
      const id = Object.hasOwn(aliases, name) ? aliases[name] : name;
      if (id !== undefined && ids.includes(id)) return id;
      const names = toNameList([...ids, ...Object.keys(aliases)]);
      throw new ProviderError(
        `Model is unknown to "${provider}": it is none of ${names}`,
        { code: "unknown-model", provider },
      );
    },
    isImageModel: (id) => imageIds.includes(id),
  };
}
