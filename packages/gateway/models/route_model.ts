/**
 * The model that a route asks for.
 *
 * @module
 */

import type { Provider } from "@parley/chat";
import type { RouteInit } from "@parley/chat/failover";
import { invalidOptions } from "../options/gateway_options.ts";

/**
 * Finds the model that a route asks for, as the failover over it does: its own,
 * one that is called as the list of routes is, or the default of its provider.
 *
 * @param init The route.
 * @param name The name of the list.
 * @param index Where in the list it stands.
 * @returns The provider, and the model.
 * @throws {ProviderError} If there is none, with code `invalid-request`.
 */
export function toRouteModel(
  init: RouteInit,
  name: string,
  index: number,
): { readonly provider: Provider; readonly model: string } {
  const { provider, model } = "provider" in init
    ? init
    : { provider: init, model: undefined };
  const { id, models, modelAliases, defaultModel } = provider;
  const isListed = models.includes(name) || Object.hasOwn(modelAliases, name);
  const found = model ?? (isListed ? name : defaultModel);
  if (found !== "") return { provider, model: found };
  throw invalidOptions(
    `Option "routes.${name}[${index}]" names no model, and "${id}" has no ` +
      "default: write { provider, model }",
  );
}
