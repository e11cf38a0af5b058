/**
 * One provider that stands for several.
 *
 * @module
 */

import { type Provider, ProviderError } from "../mod.ts";
import { type RunContext, SYSTEM_CLOCK } from "../core/provider.ts";
import { TOOL_SUITE } from "../core/run/tool_suite.ts";
import { createProvider } from "../core/run/provider.ts";
import { findAble, toAbilities } from "./abilities.ts";
import {
  type CircuitBreaker,
  createCircuitBreaker,
} from "./circuit_breaker.ts";
import { listModels, nameModels } from "./failover_models.ts";
import {
  checkFailoverOptions,
  checkRoutes,
  type FailoverOptions,
} from "./failover_options.ts";
import { FailoverAnswer } from "./failover_answer.ts";
import type { FailoverRules } from "./failover_run.ts";
import { createMemoryStore } from "./memory_store.ts";
import {
  findListedModel,
  findModel,
  type ResolvedRoute,
  resolveRoutes,
  type Route,
  type RouteInit,
  toRoute,
} from "./route.ts";
import { createRouteOrder } from "./route_order.ts";
import { createRouteQueue, type RouteQueue } from "./route_queue.ts";
import { parseThread } from "./stored_thread.ts";

/** Of how many models it is remembered who has them. */
const MAX_KNOWN = 1_000;

/** Routes by the public names of models, or one list for all models. */
export type FailoverRoutes =
  | readonly RouteInit[]
  | Readonly<Record<string, readonly RouteInit[]>>;

/** A provider that stands for several. */
export interface Failover extends Provider {
  /** Whom it asks, of all lists. */
  readonly routes: readonly Route[];
}

/**
 * Makes a provider that asks others, one after another, until one gives a whole
 * answer. It streams, generates and takes a signal as they do, and can itself
 * be a route of another.
 *
 * Another route is asked after what it may mend: a limit that is reached, a
 * server that fails, a network that breaks, silence, a prompt that is too long
 * for the model, an answer that is cut or makes no sense. It is not after a
 * request that is wrong, content that is refused, or the caller's abort. Where
 * all fail, the error is that of the first, or that of what was shown: it names
 * every route and why it failed, asks for the shortest wait that any of them asks
 * for, and its `attempts` tell of all.
 *
 * @param routes Whom to ask: one list for all models, or a list for each public
 * name of a model.
 * @param options What is set for it.
 * @returns The provider.
 * @throws {ProviderError} If a route or an option is wrong, with code
 * `invalid-request`; if a provider does not know the model of its route, with
 * code `unknown-model`.
 *
 * @example An answer that breaks off is begun anew elsewhere
 * ```ts
 * import { createAiChats, createAutonomousAi } from "@parley/chat";
 * import { createFailover } from "@parley/chat/failover";
 * import { assertEquals } from "@std/assert";
 *
 * const failover = createFailover([
 *   createAutonomousAi({
 *     fetch: () => Promise.resolve(new Response("down", { status: 403 })),
 *   }),
 *   createAiChats({
 *     fetch: () => Promise.resolve(new Response("data: Good day\n\n")),
 *   }),
 * ]);
 * const { text, provider, attempts } = await failover.generate("Hello");
 * assertEquals([text, provider], ["Good day", "AiChats"]);
 * assertEquals(attempts[0]?.code, "authentication");
 * ```
 */
export function createFailover(
  routes: FailoverRoutes,
  options: FailoverOptions = {},
): Failover {
  checkFailoverOptions(options);
  const lists = toLists(routes);
  const isList = Array.isArray(routes);
  const all = Object.values(lists).flat();
  const providers = all.map(({ provider }) => provider);
  const [first] = providers;
  if (first === undefined) {
    throw new ProviderError("There is no route", { code: "invalid-request" });
  }
  const {
    id = "Failover",
    label = id,
    onPartial = "restart",
    strategy = "ordered",
    hedgeAfter = 10_000,
    maxRetryDelay = 5_000,
    clock = SYSTEM_CLOCK,
    random = Math.random,
    store = createMemoryStore(),
    timeouts = {},
  } = options;
  const models = isList ? listModels(all) : nameModels(lists);
  const order = createRouteOrder({ strategy, random, clock });

  /** The routes of models that were asked for. */
  const known = new Map<string, readonly ResolvedRoute[]>();

  /** Finds who may be asked, and for which model. */
  function findRoutes(
    { model, options }: RunContext,
  ): readonly ResolvedRoute[] {
    // An alias may mean another model to each provider.
    const name = isList && options.model || model;
    const isNamed = !isList || options.model || model !== models.defaultModel;
    const key = isNamed ? name : "";
    let found = known.get(key);
    if (found === undefined) {
      if (known.size >= MAX_KNOWN) known.clear();
      // Where no model is named, each is asked for its own.
      const find = isNamed ? findModel : () => undefined;
      found = isList
        ? resolveRoutes(lists[""] ?? [], name, find)
        : resolveRoutes(lists[name] ?? [], name, findListedModel);
      known.set(key, found);
    }
    return found;
  }

  async function queue(
    run: RunContext,
    breaker: CircuitBreaker,
  ): Promise<RouteQueue> {
    const resolved = findAble(findRoutes(run), run);
    const looks = await breaker.look(resolved.map(({ key }) => key));
    return createRouteQueue(order(resolved, looks), looks, breaker);
  }

  function toHedgeAfter({ options, model }: RunContext): number | null {
    // What comes in one piece says nothing for long, and a picture is dear.
    const isSilent = options.stream === false ||
      models.imageModels?.includes(model);
    return isSilent ? null : hedgeAfter;
  }

  const rules: FailoverRules = {
    id,
    onPartial,
    maxRetryDelay,
    timeouts,
    breaker: createCircuitBreaker(store, { ...options.breaker, clock }),
    clock,
    queue,
    toHedgeAfter,
  };
  const origins = providers.map(({ baseUrl }) => new URL(baseUrl).origin);
  const provider = createProvider({
    id,
    label,
    url: first.url,
    baseUrl: first.baseUrl,
    working: providers.some(({ working }) => working),
    supportsStream: providers.some(({ supportsStream }) => supportsStream),
    supportsSystemMessage: providers.every((provider) =>
      provider.supportsSystemMessage
    ),
    supportsMessageHistory: providers.every((provider) =>
      provider.supportsMessageHistory
    ),
    ...models,
    ...toAbilities(providers),
    parseConversation: (value) => parseThread(value, origins),
    delegate: (run) => new FailoverAnswer(run, rules),
  }, {
    clock,
    random,
    timeouts,
    limits: options.limits,
    randomUuid: options.randomUuid,
  }, { tools: TOOL_SUITE });
  return { ...provider, routes: all };
}

/** Checks the routes, and writes one list as one with an empty name. */
function toLists(
  routes: FailoverRoutes,
): Readonly<Record<string, readonly Route[]>> {
  checkRoutes(routes);
  const lists: Readonly<Record<string, readonly RouteInit[]>> =
    isRouteList(routes) ? { "": routes } : routes;
  return Object.fromEntries(
    Object.entries(lists).map(([name, list]) => [name, list.map(toRoute)]),
  );
}

function isRouteList(routes: FailoverRoutes): routes is readonly RouteInit[] {
  return Array.isArray(routes);
}
