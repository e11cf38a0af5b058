import {
  createOpenAiCompatible,
  getProvider,
  type Provider,
} from "@parley/chat";
import {
  createConversationSealer,
  createGateway,
  type GatewayOptions,
} from "@parley/chat/gateway";
import { createDemo } from "./_serve_demo.ts";
import type { OpenAiSettings, ServeSettings } from "./_serve_settings.ts";

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
  /** Ends when it is closed. */
  readonly finished: Promise<void>;
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
  const { hostname, port, apiKeys, origins, conversationKey, openAi } =
    settings;
  const providers = [
    ...settings.providers.map(getProvider),
    ...(openAi === undefined ? [] : [await connect(openAi)]),
  ];
  const isDemo = providers.length === 0;
  const isOpen = apiKeys.length === 0 && isLoopback(hostname);
  const gateway = createGateway({
    ...(isDemo ? createDemo(delay) : { providers }),
    apiKeys,
    // Nobody else can reach it.
    allowAnonymous: isOpen,
    origins,
    conversations: createConversationSealer({
      key: conversationKey ?? crypto.getRandomValues(new Uint8Array(32)),
    }),
    log,
  });
  const closing = new AbortController();
  const server = Deno.serve(
    { hostname, port, signal: closing.signal, onListen() {} },
    gateway,
  );
  const { port: taken } = server.addr;
  return {
    url: `http://${
      hostname.includes(":") ? `[${hostname}]` : hostname
    }:${taken}`,
    model: isDemo ? "demo-failover" : toModelName(providers),
    isDemo,
    isOpen,
    finished: server.finished,
    async [Symbol.asyncDispose]() {
      closing.abort();
      await server.finished;
    },
  };
}

/** Asks the server for its models, so that they can be picked. */
async function connect(
  { baseUrl, apiKey, imageModels }: OpenAiSettings,
): Promise<Provider> {
  const options = {
    id: "openai",
    baseUrl,
    imageModels,
    ...(apiKey !== undefined && { apiKey }),
  };
  const models = await createOpenAiCompatible(options).listModels();
  return createOpenAiCompatible({ ...options, models });
}

function toModelName(providers: readonly Provider[]): string {
  const [provider] = providers;
  return `${provider?.id}/${provider?.defaultModel}`;
}

function isLoopback(hostname: string): boolean {
  return /^(?:127(?:\.\d+){3}|::1|localhost)$/.test(hostname);
}
