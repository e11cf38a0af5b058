/**
 * The models of a failover.
 *
 * @module
 */

import type { ProviderDefinition } from "../core/provider.ts";
import {
  acceptsAnyModel,
  findListedModel,
  resolveRoutes,
  type Route,
} from "./route.ts";

/** What a failover knows of its models. */
export type FailoverModels = Pick<
  ProviderDefinition,
  | "defaultModel"
  | "models"
  | "imageModels"
  | "modelAliases"
  | "acceptsAnyModel"
>;

/**
 * Lists the models of one list: all that any route knows.
 *
 * @param routes The routes.
 */
export function listModels(routes: readonly Route[]): FailoverModels {
  const providers = routes.map(({ provider }) => provider);
  const [first] = routes;
  const defaultModel = first?.model ?? first?.provider.defaultModel ?? "";
  const models = new Set([
    defaultModel,
    ...routes.flatMap(({ model, provider }) => model ?? provider.models),
  ]);
  // There is none where the first provider has to be asked for one by name.
  models.delete("");
  return {
    defaultModel,
    models: [...models],
    acceptsAnyModel: routes.some(acceptsAnyModel),
    imageModels: [...models].filter((model) =>
      providers.some(({ imageModels }) => imageModels.includes(model))
    ),
    modelAliases: Object.assign(
      {},
      ...providers.map(({ modelAliases }) => modelAliases).reverse(),
    ),
  };
}

/**
 * Lists the models of a map: its names.
 *
 * @param routes The routes to each of them.
 */
export function nameModels(
  routes: Readonly<Record<string, readonly Route[]>>,
): FailoverModels {
  const models = Object.keys(routes);
  return {
    defaultModel: models[0] ?? "",
    models,
    imageModels: models.filter((name) =>
      resolveRoutes(routes[name] ?? [], name, findListedModel)[0]?.makesImages
    ),
  };
}
