/**
 * The models that the gateway serves, by the names that its clients use.
 *
 * @module
 */

import type { Clock, Provider, RouteEvent } from "@parley/chat";
import { checkProviders } from "../options/check_providers.ts";
import { invalidOptions } from "../options/gateway_options.ts";
import { SYSTEM_CLOCK } from "@parley/chat/provider";
import {
  IMAGE_ABILITIES,
  type ModelAbilities,
  toModelAbilities,
} from "./abilities.ts";
import { toUnknownModel, unknownModel } from "./unknown_model.ts";
import { type AskForModels, createModelAsker } from "./open_models.ts";
import { toRouteModel } from "./route_model.ts";
import {
  createFailover,
  createMemoryStore,
  type FailoverOptions,
  type RouteInit,
} from "@parley/chat/failover";

/** A model as the gateway lists it. */
export interface ModelEntry {
  /** Its public name. */
  readonly id: string;
  /** Who provides it: the id of a provider, or that of the failover. */
  readonly owner: string;
  /** Whether it answers with pictures. */
  readonly makesImages: boolean;
  /** What it can. */
  readonly abilities: ModelAbilities;
}

/** Who answers: a provider, and its model. */
export type Answerer = Pick<RouteEvent, "provider" | "model">;

/** A model that can be asked. */
export interface ServedModel extends ModelEntry {
  /** The name by which the provider knows it. */
  readonly model: string;
  /** Answers who can only append: it begins no answer anew. */
  readonly provider: Provider;
  /** Answers who takes an answer that begins anew. */
  readonly restartingProvider: Provider;
  /** Whether several providers stand behind it. */
  readonly isFailover: boolean;
  /** Who may answer. */
  readonly answerers: readonly Answerer[];
}

/** What a catalog is made of. */
export interface CatalogOptions {
  /** The providers. */
  readonly providers: readonly Provider[];
  /** Whom to ask, by the public name of the model. */
  readonly routes: Readonly<Record<string, readonly RouteInit[]>>;
  /** What is set for the failover over the routes. */
  readonly failover: FailoverOptions;
  /** Other names of models. */
  readonly aliases: Readonly<Record<string, string>>;
  /** Wraps who is asked. */
  readonly wrapProvider?: ((provider: Provider) => Provider) | undefined;
  /**
   * Where time comes from.
   *
   * @default {the clock of the machine}
   */
  readonly clock?: Clock | undefined;
}

/** Finds models by their names. */
export interface ModelCatalog {
  /**
   * Lists every model by each of its public names. A provider that takes any
   * model is asked which there are; where it does not say, they are left out.
   *
   * @param signal Ends the asking.
   */
  list(signal: AbortSignal): Promise<readonly ModelEntry[]>;
  /**
   * Finds a model.
   *
   * @param name A public name: that of routes, an alias, `provider/model`, or a
   * model that exactly one provider knows.
   * @throws {ProviderError} If there is none, with code `unknown-model`.
   */
  find(name: string): ServedModel;
}

type Names = ReadonlyMap<string, ServedModel>;

function toServed(provider: Provider, name?: string): ServedModel {
  const model = provider.getModel(name);
  const makesImages = provider.imageModels.includes(model);
  return {
    id: `${provider.id}/${model}`,
    owner: provider.id,
    makesImages,
    abilities: makesImages ? IMAGE_ABILITIES : toModelAbilities([provider]),
    model,
    provider,
    restartingProvider: provider,
    isFailover: false,
    answerers: [{ provider: provider.id, model }],
  };
}

/**
 * Puts a failover over the routes: twice, for who can only append and for who
 * takes an answer that begins anew. Both know which routes fail.
 */
function serveRoutes(
  { routes, failover, wrapProvider = (one) => one }: CatalogOptions,
): Names {
  const names = Object.keys(routes);
  if (names.length === 0) return new Map();
  const shared = { ...failover, store: failover.store ?? createMemoryStore() };
  const provider = wrapProvider(createFailover(routes, {
    ...shared,
    onPartial: failover.onPartial ?? "match",
  }));
  const restartingProvider = wrapProvider(createFailover(routes, {
    ...shared,
    onPartial: "restart",
  }));
  return new Map(
    Object.entries(routes).map(([name, inits]) => {
      const served = toServed(provider, name);
      const own = inits.map((init, index) => {
        const { provider, model } = toRouteModel(init, name, index);
        return toServed(provider, model);
      });
      return [name, {
        ...served,
        id: name,
        abilities: served.makesImages ? IMAGE_ABILITIES : toModelAbilities(
          own.map(({ provider }) => provider),
        ),
        restartingProvider,
        isFailover: true,
        answerers: own.flatMap(({ answerers }) => answerers),
      }];
    }),
  );
}

async function listModels(
  provider: Provider,
  askForModels: AskForModels,
  signal: AbortSignal,
): Promise<readonly ServedModel[]> {
  const models = [...provider.models, ...await askForModels(provider, signal)];
  return models.map((model) => toServed(provider, model));
}

/** Finds a model by the name of its provider, or by its own, if there is one. */
function findProvided(
  providers: readonly Provider[],
  name: string,
): ServedModel | undefined {
  // Ids of models may hold slashes, those of providers do not.
  const slash = name.indexOf("/");
  const id = name.slice(0, slash).toLowerCase();
  const model = name.slice(slash + 1);
  const named = slash === -1
    ? undefined
    : providers.find((provider) => provider.id.toLowerCase() === id);
  if (named !== undefined && model !== "") return toServed(named, model);
  const [only] = providers;
  if (only !== undefined && providers.length === 1) return toServed(only, name);
  const knowing = providers.filter(({ models, modelAliases }) =>
    models.includes(name) || Object.hasOwn(modelAliases, name)
  );
  const [first] = knowing;
  if (first === undefined) return undefined;
  if (knowing.length > 1) {
    const ids = knowing.map((provider) => `"${provider.id}/…"`).join(", ");
    throw unknownModel(`several providers have it, so say ${ids}`);
  }
  return toServed(first, name);
}

/**
 * Makes the catalog of all models.
 *
 * @param options What it is made of.
 * @returns The catalog.
 * @throws {ProviderError} If a name is given twice, or an alias leads nowhere.
 */
export function createModelCatalog(options: CatalogOptions): ModelCatalog {
  const { aliases, wrapProvider = (one) => one, clock = SYSTEM_CLOCK } =
    options;
  const providers = options.providers.map((one) => wrapProvider(one));
  const askForModels = createModelAsker(clock);
  checkProviders(providers);
  const names = new Map(serveRoutes(options));

  function find(name: string): ServedModel {
    const served = names.get(name) ?? findProvided(providers, name);
    if (served !== undefined) return served;
    const provided = providers.flatMap(({ id, models }) =>
      models.flatMap((model) => [model, `${id}/${model}`])
    );
    throw toUnknownModel(name, [...names.keys(), ...provided]);
  }

  function follow(alias: string, target: string): ServedModel {
    try {
      return { ...find(target), id: alias };
    } catch {
      throw invalidOptions(
        `Alias "${alias}" leads to no model, or to several: "${target}"`,
      );
    }
  }

  const targets = Object.entries(aliases).map(([alias, target]) => {
    if (names.has(alias)) {
      throw invalidOptions(`Alias "${alias}" is the name of routes, too`);
    }
    return [alias, follow(alias, target)] as const;
  });
  for (const [alias, served] of targets) names.set(alias, served);

  return {
    async list(signal) {
      const models = await Promise.all(
        providers.map((provider) => listModels(provider, askForModels, signal)),
      );
      // Several ids may lead to one model, and routes may have the name of one.
      const entries = new Map<string, ModelEntry>(names);
      for (const entry of models.flat()) {
        if (!entries.has(entry.id)) entries.set(entry.id, entry);
      }
      return [...entries.values()];
    },
    find,
  };
}
