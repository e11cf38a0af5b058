/**
 * The models of a provider.
 *
 * @module
 */

import type { ProviderDefinition } from "./definition.ts";
import { ProviderError } from "./errors.ts";
import { quoteName, toNearestNames } from "./nearest_names.ts";
import type { Provider } from "./provider.ts";
import { getOwn } from "../streams/values.ts";

/** The part of a provider that knows its models. */
export type Models = Pick<
  Provider,
  "defaultModel" | "models" | "imageModels" | "modelAliases" | "getModel"
>;

/**
 * Makes the models of a provider.
 *
 * @param definition The known models.
 * @param givenIds Those that the caller names instead.
 */
export function createModels(
  definition: Omit<ProviderDefinition, "respond">,
  givenIds?: readonly string[],
): Models {
  const { id: provider, imageModels = [], modelAliases = {} } = definition;
  const isOpen = definition.acceptsAnyModel === true && givenIds === undefined;
  const models = [...givenIds ?? definition.models];
  const [first = definition.defaultModel] = models;
  const defaultModel = isOpen || models.includes(definition.defaultModel)
    ? definition.defaultModel
    : first;
  // Only where a caller names others, some of them lead to none.
  const aliases = givenIds === undefined
    ? { ...modelAliases }
    : Object.fromEntries(
      Object.entries(modelAliases).filter(([, id]) => models.includes(id)),
    );
  return {
    defaultModel,
    models,
    imageModels: imageModels.filter((id) => models.includes(id)),
    modelAliases: aliases,
    getModel(name = "") {
      const id = name === "" ? defaultModel : getOwn(aliases, name) ?? name;
      if (id === "") {
        throw new ProviderError(
          `"${provider}" has no default model: name one, or set "defaultModel"`,
          { code: "unknown-model", provider },
        );
      }
      if (isOpen || models.includes(id)) return id;
      throw new ProviderError(
        `Model ${
          quoteName(name)
        } is unknown to "${provider}": the nearest are ${
          toNearestNames(name, [...models, ...Object.keys(aliases)])
        }`,
        { code: "unknown-model", provider },
      );
    },
  };
}
