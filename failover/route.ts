/**
 * The routes of a failover: who may be asked, and with which model.
 *
 * @module
 */

import type { Provider, Timeouts } from "../mod.ts";

/** One way to an answer: a provider, and what is set for it alone. */
export interface Route {
  /** Who is asked; may be a failover itself. */
  readonly provider: Provider;
  /**
   * The model that it is asked for.
   *
   * @default {the model that the caller names, where the provider knows it or
   * takes any, or that the list of routes is named after, where the provider has
   * it; else the provider's default model}
   */
  readonly model?: string | undefined;
  /** Clocks of this route, over those of the failover and of the caller. */
  readonly timeouts?: Timeouts | undefined;
  /**
   * How many further attempts this route gets before the next one is asked.
   *
   * @default {that of the caller, or of the provider}
   */
  readonly maxRetries?: number | undefined;
  /**
   * How often it comes first under the strategy `weighted`, beside the others;
   * with 0 only as a last resort.
   *
   * @default {1}
   */
  readonly weight?: number | undefined;
  /**
   * The name under which its health is kept. Isolates that share a store
   * know each other's routes by it.
   *
   * @default {provider and model, as in "AmigoChat/gpt-4o-mini"}
   */
  readonly name?: string | undefined;
}

/** A route, or a provider with nothing set for it. */
export type RouteInit = Provider | Route;

/** A route to one model. */
export interface ResolvedRoute extends Route {
  /** The model id. */
  readonly model: string;
  /** The name under which its health is kept. */
  readonly key: string;
  /** Whether the model makes pictures. */
  readonly makesImages: boolean;
}

/**
 * Writes a provider as a route, and the model of a route by its id.
 *
 * @param init A route or a provider.
 * @throws {ProviderError} If the provider does not know the model, with code
 * `unknown-model`.
 */
export function toRoute(init: RouteInit): Route {
  if (!("provider" in init)) return { provider: init };
  const { provider, model } = init;
  return model === undefined
    ? init
    : { ...init, model: provider.getModel(model) };
}

/** Finds the model that a route is asked for by a name, if it has one. */
export type FindModel = (route: Route, name: string) => string | undefined;

/**
 * Finds the id of a model that a caller names, where a provider knows it or
 * takes any.
 *
 * @param route The route.
 * @param name The model as the caller names it.
 */
export function findModel(
  { provider }: Route,
  name: string,
): string | undefined {
  try {
    return provider.getModel(name);
  } catch {
    return undefined;
  }
}

/**
 * Finds the id of a model by the name of a list of routes, where a provider has
 * a model of that name.
 *
 * @param route The route.
 * @param name The name of the list.
 */
export function findListedModel(
  route: Route,
  name: string,
): string | undefined {
  const { models, modelAliases } = route.provider;
  return models.includes(name) || Object.hasOwn(modelAliases, name)
    ? findModel(route, name)
    : undefined;
}

/**
 * Whether a route takes models that its provider does not list.
 *
 * @param route The route.
 */
export function acceptsAnyModel(route: Route): boolean {
  return route.model === undefined &&
    findModel(route, "a name that no model has") !== undefined;
}

/**
 * Finds the routes to a model. A picture is only asked of those that make
 * pictures, and text of the others: what is wanted, the first that knows the
 * model tells.
 *
 * @param routes The routes.
 * @param name The model that is wanted, which may be an alias; a route that has
 * none of that name is asked for its default model.
 * @param find Finds what the name means to a route.
 */
export function resolveRoutes(
  routes: readonly Route[],
  name: string,
  find: FindModel = findModel,
): readonly ResolvedRoute[] {
  const taken = new Map<string, number>();
  const resolved = routes.map((route) => {
    const { provider } = route;
    const named = find(route, name);
    const model = route.model ?? named ?? (provider.defaultModel || name);
    const wanted = route.name ?? `${provider.id}/${model}`;
    const count = (taken.get(wanted) ?? 0) + 1;
    taken.set(wanted, count);
    return {
      ...route,
      model,
      key: count === 1 ? wanted : `${wanted}#${count}`,
      makesImages: provider.imageModels.includes(model),
      isNamed: model === named,
    };
  });
  const first = resolved.find(({ isNamed }) => isNamed) ?? resolved[0];
  return resolved.filter(({ makesImages }) =>
    makesImages === first?.makesImages
  );
}
