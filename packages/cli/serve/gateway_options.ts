import type { Provider } from "@parley/chat";
import { createKvStore, type RouteInit } from "@parley/chat/failover";
import {
  createConversationSealer,
  createConversationStore,
  type GatewayOptions,
} from "@parley/gateway";
import { UsageError } from "../terminal/exit_code.ts";
import { toSuggestion } from "../terminal/suggestion.ts";
import type { RouteSettings } from "./gateway_settings.ts";
import { pickBelow, type Settings } from "./settings_table.ts";

/** The names that a machine has for itself. */
const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];

/** What the options of a gateway are made of. */
export interface GatewayParts {
  /** What is set. */
  readonly settings: Settings;
  /** Who answers; nobody lets the library answer. */
  readonly providers: readonly Provider[];
  /** What instances share. */
  readonly kv?: Deno.Kv | undefined;
  /** Takes what there is to say about each request. */
  readonly log?: GatewayOptions["log"];
}

/** Whether only this machine can reach an address. */
function isLoopback(hostname: string): boolean {
  return /^(?:127(?:\.\d+){3}|::1|localhost)$/.test(hostname);
}

/** Whether anybody who reaches a gateway is answered. */
export function isOpen(
  { apiKeys = [], hostname = "127.0.0.1", allowAnonymous }: Settings,
): boolean {
  return allowAnonymous ?? (apiKeys.length === 0 && isLoopback(hostname));
}

function toRoutes(
  routes: NonNullable<Settings["routes"]>,
  providers: readonly Provider[],
): NonNullable<GatewayOptions["routes"]> {
  function toRoute(route: RouteSettings): RouteInit {
    const { model: name, ...options } = typeof route === "string"
      ? { model: route }
      : route;
    const [id = "", ...model] = name.split("/");
    const provider = providers.find((provider) =>
      provider.id.toLowerCase() === id.toLowerCase()
    );
    if (provider === undefined) {
      const ids = providers.map(({ id }) => id);
      throw new UsageError(
        `A route names "${id}", which is not served` +
          (toSuggestion(id, ids) || `: set it in "servers" or "providers"`),
      );
    }
    return { ...options, provider, model: model.join("/") };
  }
  return Object.fromEntries(
    Object.entries(routes).map(([name, models]) => [name, models.map(toRoute)]),
  );
}

function toKeeper(
  { conversations = "sealed", conversationKey, conversationTime }: Settings,
  kv: Deno.Kv | undefined,
): GatewayOptions["conversations"] {
  const expireIn = conversationTime;
  if (conversations === "none") return undefined;
  if (conversations === "sealed") {
    const key = conversationKey ?? crypto.getRandomValues(new Uint8Array(32));
    return createConversationSealer({ key, expireIn });
  }
  if (kv !== undefined) return createConversationStore(kv, { expireIn });
  throw new UsageError('Conversations are stored nowhere: set "--kv", too');
}

function toHosts({ hosts }: Settings): GatewayOptions["hosts"] {
  return hosts && [...LOOPBACK, ...hosts];
}

/**
 * Makes the options of a gateway.
 *
 * @param parts What they are made of.
 * @throws {UsageError} If they do not fit together.
 */
export function toGatewayOptions(
  { settings, providers, kv, log }: GatewayParts,
): GatewayOptions {
  const { aliases, apiKeys, origins, passFields, routes = {} } = settings;
  const { maxRetryDelay, keepAlive, holdHead, page } = settings;
  const store = kv && createKvStore(kv);
  return {
    providers,
    routes: toRoutes(routes, providers),
    failover: {
      ...pickBelow(settings, "failover"),
      breaker: pickBelow(settings, "failover.breaker"),
      timeouts: pickBelow(settings, "failover.timeouts"),
      limits: pickBelow(settings, "failover.limits"),
      store,
    },
    aliases,
    apiKeys,
    allowAnonymous: isOpen(settings),
    hosts: toHosts(settings),
    origins,
    passFields,
    limits: { ...pickBelow(settings, "limits"), store },
    conversations: toKeeper(settings, kv),
    maxRetryDelay,
    keepAlive,
    holdHead,
    page,
    log,
  };
}
