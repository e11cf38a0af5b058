/**
 * The models of a provider.
 *
 * @module
 */

import type { ProviderDefinition } from "./definition.ts";
import { ProviderError } from "./errors.ts";

/** Finds models by id and alias. */
export class Models {
  readonly defaultModel: string;
  readonly ids: readonly string[];
  readonly imageIds: readonly string[];
  readonly aliases: Readonly<Record<string, string>>;
  readonly #provider: string;

  /**
   * @param definition The known models.
   * @param ids Those that the caller names instead.
   */
  constructor(
    definition: ProviderDefinition,
    ids: readonly string[] = definition.models,
  ) {
    const { defaultModel, imageModels = [], modelAliases = {} } = definition;
    const [first = defaultModel] = ids;
    this.#provider = definition.id;
    this.ids = [...ids];
    this.defaultModel = ids.includes(defaultModel) ? defaultModel : first;
    this.imageIds = imageModels.filter((id) => ids.includes(id));
    this.aliases = Object.fromEntries(
      Object.entries(modelAliases).filter(([, id]) => ids.includes(id)),
    );
  }

  /**
   * Finds the id of a model.
   *
   * @param name An id or alias; empty or absent means the default model.
   * @throws {ProviderError} If the name is neither, with code `unknown-model`.
   */
  find(name = ""): string {
    if (name === "") return this.defaultModel;
    if (Object.hasOwn(this.aliases, name)) {
      return this.aliases[name] ?? name;
    }
    if (this.ids.includes(name)) return name;
    const names = [...this.ids, ...Object.keys(this.aliases)];
    throw new ProviderError(
      `Model is unknown to "${this.#provider}": it is none of ${
        [...new Set(names)].map((known) => `"${known}"`).join(", ")
      }`,
      { code: "unknown-model", provider: this.#provider },
    );
  }

  /** Whether a model makes pictures. */
  isImageModel(id: string): boolean {
    return this.imageIds.includes(id);
  }
}
