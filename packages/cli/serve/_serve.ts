import {
  createOpenAiCompatible,
  getProvider,
  type Provider,
} from "@parley/chat";
import {
  createConversationSealer,
  createGateway,
  type GatewayOptions,
} from "@parley/gateway";
import type { RouteInit } from "@parley/chat/failover";
import { UsageError } from "../terminal/exit_code.ts";
import { listen } from "./_listen.ts";
import { createDemo } from "./_serve_demo.ts";
import type { ServeSettings } from "./_serve_settings.ts";

/** The names that a machine has for itself. */
const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];

/** How a gateway is served. */
export interface ServeOptions {
  /** Takes what there is to say about each request. */
  readonly log?: GatewayOptions["log"];
  /**
   * Milliseconds before each word of a model that comes with the library.
   *
   * @default {40}
   */
  readonly delay?: number;
}

/** A gateway that listens. */
export interface ServedGateway extends AsyncDisposable {
  /** Where it listens. */
  readonly url: string;
  /** A model that can be asked. */
  readonly model: string;
  /** Whether it serves what comes with the library, and nothing else. */
  readonly isDemo: boolean;
  /** Whether it answers anybody who reaches it. */
  readonly isOpen: boolean;
}

/**
 * Starts a gateway.
 *
 * @param settings What is set for it.
 * @param options How it is served.
 * @returns The gateway.
 */
export async function serve(
  settings: ServeSettings,
  { log, delay = 40 }: ServeOptions = {},
): Promise<ServedGateway> {
  const { hostname, port, apiKeys, hosts, origins, conversationKey, openAi } =
    settings;
  const providers: Provider[] = settings.providers.map(getProvider);
  let model = toModelName(providers[0]);
  if (openAi !== undefined) {
    const { imageModels, ...options } = openAi;
    const provider = createOpenAiCompatible({
      id: "openai",
      imageModels,
      ...options,
    });
    // Fails at once where the server does not answer.
    const models = await provider.listModels();
    const chat = models.find((model) => !imageModels.includes(model));
    if (providers.length === 0) model = `${provider.id}/${chat}`;
    providers.push(provider);
  }
  const routes = toRoutes(settings.routes, providers);
  const isDemo = providers.length === 0;
  const isOpen = apiKeys.length === 0 && isLoopback(hostname);
  const gateway = createGateway({
    ...(isDemo ? createDemo(delay) : { providers, routes }),
    apiKeys,
    // Nobody else can reach it.
    allowAnonymous: isOpen,
    ...(isOpen && hosts.length > 0 && { hosts: [...LOOPBACK, ...hosts] }),
    origins,
    conversations: createConversationSealer({
      key: conversationKey ?? crypto.getRandomValues(new Uint8Array(32)),
    }),
    log,
  });
  const listener = await listen(gateway, { hostname, port });
  return {
    url: `http://${
      hostname.includes(":") ? `[${hostname}]` : hostname
    }:${listener.port}`,
    model: isDemo ? "demo-failover" : model,
    isDemo,
    isOpen,
    [Symbol.asyncDispose]: () => listener[Symbol.asyncDispose](),
  };
}

/** Finds the models of failovers. */
function toRoutes(
  routes: ServeSettings["routes"],
  providers: readonly Provider[],
): NonNullable<GatewayOptions["routes"]> {
  function toRoute(name: string): RouteInit {
    const [id = "", ...model] = name.split("/");
    const provider = providers.find((provider) =>
      provider.id.toLowerCase() === id.toLowerCase()
    );
    if (provider === undefined) {
      throw new UsageError(`PARLEY_ROUTES names "${id}", which is not served`);
    }
    return { provider, model: model.join("/") };
  }
  return Object.fromEntries(
    Object.entries(routes).map(([name, models]) => [name, models.map(toRoute)]),
  );
}

function toModelName(provider: Provider | undefined): string {
  return `${provider?.id}/${provider?.defaultModel}`;
}

function isLoopback(hostname: string): boolean {
  return /^(?:127(?:\.\d+){3}|::1|localhost)$/.test(hostname);
}
