import { createFailover, type RouteStore } from "../../failover/mod.ts";
import {
  createAiChats,
  createCohereC4aiCommand,
  createOpenAiCompatible,
  type Provider,
} from "../../mod.ts";
import {
  type ConversationKeeper,
  createConversationSealer,
  createGateway,
  type LogEntry,
} from "@parley/gateway";
import type { FakeClock } from "@parley/testing";
import { createRandom } from "@parley/testing";
import { InstanceClock } from "./_instance_clock.ts";
import type { RealWork } from "./_real_work.ts";
import type { Server } from "./_servers.ts";
import type { Stores } from "./_stores.ts";
import { SECRET } from "./_random_faults.ts";
import type { ServerPlan, World } from "./_world.ts";

/** The keys of those who ask a gateway. */
export const KEYS = ["key-1", "key-2"];

/** With what all instances seal conversations, and for how many milliseconds. */
const SEALING_KEY = new Uint8Array(32);
export const EXPIRES_IN = 240_000;

/** What the dead wait for. */
const NEVER = new Promise<never>(() => {});

/** One process that runs the library. */
export interface Instance {
  readonly clock: InstanceClock;
  readonly realWork: RealWork;
  readonly providers: readonly Provider[];
  /** What is asked: a provider, or a failover. */
  readonly provider: Provider;
  readonly gateway: ((request: Request) => Promise<Response>) | undefined;
  readonly log: readonly LogEntry[];
  /** Is aborted by its death. */
  readonly signal: AbortSignal;
  die(): void;
}

/** What instances are made of. */
export interface InstanceOptions {
  readonly world: World;
  readonly servers: readonly Server[];
  readonly stores: Stores;
  readonly clock: FakeClock;
  readonly realWork: RealWork;
}

/** The names of providers that have no other. */
const NAMES = { "ai-chats": "AiChats", "chat-ui": "CohereForAI_C4AI_Command" };

/** The name of a server's provider. */
export function toProviderId({ kind }: ServerPlan, server: number): string {
  return kind === "openai" ? `openai-${server}` : NAMES[kind];
}

function createProvider(
  plan: ServerPlan,
  index: number,
  options: Parameters<typeof createAiChats>[0],
): Provider {
  const { kind, prefill, thinks, maxRetries } = plan;
  const all = { ...options, maxRetries, apiKey: SECRET };
  switch (kind) {
    case "ai-chats":
      return createAiChats(all);
    case "chat-ui":
      return createCohereC4aiCommand(all);
    default:
      return createOpenAiCompatible({
        ...all,
        id: toProviderId(plan, index),
        baseUrl: `https://server-${index}.example/v1`,
        models: ["gpt-4o-mini"],
        imageModels: ["dall-e-3"],
        reasoningTags: thinks === "in tags",
        ...(prefill && { compat: { prefill: "implicit" } }),
      });
  }
}

/** What seals conversations, of which each instance has one with the same key. */
function createKeeper(
  { stores, clock, realWork }: {
    readonly stores: Stores;
    readonly clock: InstanceClock;
    readonly realWork: RealWork;
  },
): ConversationKeeper {
  const sealer = createConversationSealer({
    key: SEALING_KEY,
    expiresIn: EXPIRES_IN,
    clock,
  });
  return {
    seal: (conversation, keyId) =>
      stores.work(() => realWork.do(() => sealer.seal(conversation, keyId))),
    open: (token, keyId) =>
      stores.work(() => realWork.do(() => sealer.open(token, keyId))),
  };
}

/** Makes an instance. */
export async function createInstance(
  index: number,
  { world, servers, stores, clock: worldClock, realWork }: InstanceOptions,
): Promise<Instance> {
  const clock = new InstanceClock(worldClock, world.skew?.[index] ?? 0);
  const death = new AbortController();
  const { signal } = death;
  const random = createRandom(world.seed + index);
  let lastId = 0;
  const randomUuid = () =>
    `00000000-0000-4000-8000-${
      String(++lastId + 1e6 * index).padStart(12, "0")
    }`;
  const providers = world.servers.map((plan, place) =>
    createProvider(plan, place, {
      fetch: servers[place]?.connect(signal),
      clock,
      random,
      randomUuid,
    })
  );
  // The dead write nothing down.
  const store: RouteStore = {
    get: (keys) => signal.aborted ? NEVER : stores.routes.get(keys),
    update: (key, change) =>
      signal.aborted ? NEVER : stores.routes.update(key, change),
  };
  const shared = { clock, random, randomUuid, store };
  const failover = { ...world.failover, ...shared };
  const routes = providers.map((provider, place) => ({
    provider,
    name: `route-${place}`,
    weight: world.servers[place]?.weight,
  }));
  const log: LogEntry[] = [];
  const { isShared, ...limits } = world.gateway;
  const { concurrency, concurrencyPerKey, requestsPerMinute } = limits;
  const gateway = world.over === "gateway"
    ? createGateway({
      routes: {
        chat: routes,
        ...(world.servers.every(({ kind }) => kind === "openai") && {
          draw: routes.map((route) => ({ ...route, model: "dall-e-3" })),
        }),
      },
      failover,
      apiKeys: KEYS,
      hosts: null,
      page: false,
      limits: {
        concurrency,
        concurrencyPerKey,
        requestsPerMinute,
        ...(isShared && { store }),
      },
      conversations: createKeeper({ stores, clock, realWork }),
      keepAlive: limits.keepAlive,
      holdHead: limits.holdHead,
      log: (entry) => void log.push(entry),
      clock,
      randomUuid,
    })
    : undefined;
  // Keys are hashed by others, which takes a time that is no world's.
  if (gateway !== undefined) {
    for (const key of KEYS) {
      await gateway(
        new Request("http://gateway.example/v1/none", {
          headers: { authorization: `Bearer ${key}` },
        }),
      );
    }
    log.splice(0);
  }
  const [first, second, ...others] = routes;
  const inner = world.isNested && first && second &&
    createFailover([first, second], { ...failover, onPartial: "restart" });
  const nested = inner
    ? [{ provider: inner, name: "inner" }, ...others]
    : routes;
  return {
    clock,
    realWork,
    providers,
    provider: world.over === "provider" && first
      ? first.provider
      : createFailover(nested, failover),
    gateway,
    log,
    signal,
    die() {
      clock.die();
      death.abort(new TypeError("The process died"));
    },
  };
}
