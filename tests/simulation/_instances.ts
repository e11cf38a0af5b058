import { createFailover, type RouteStore } from "../../failover/mod.ts";
import {
  createAiChats,
  createCohereC4aiCommand,
  createOpenAiCompatible,
  type Provider,
} from "../../mod.ts";
import {
  createConversationSealer,
  createGateway,
  type LogEntry,
} from "@parley/gateway";
import { createRandom } from "@parley/testing";
import type { History, Instance } from "./_history.ts";
import { SECRET } from "./_random_faults.ts";
import { InstanceClock } from "./_time.ts";
import type { ServerPlan } from "./_world.ts";

/** The keys of those who ask a gateway. */
export const KEYS = ["key-1", "key-2"];

/** With what all instances seal conversations, and for how many milliseconds. */
const SEALING_KEY = new Uint8Array(32);
export const EXPIRE_IN = 240_000;

/** What the dead wait for. */
const NEVER = new Promise<never>(() => {});

/** The names of providers that have no other. */
const NAMES = { "ai-chats": "AiChats", "chat-ui": "CohereForAI_C4AI_Command" };

/** The name of a server's provider. */
export function toProviderId({ kind }: ServerPlan, server: number): string {
  return kind === "openai" ? `openai-${server}` : NAMES[kind];
}

/** Under which name a route is kept: they have but one. */
export function toRouteKey(server: number): string {
  return server === 0 ? "route" : `route#${server + 1}`;
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

/** Makes the next instance of a world. */
export async function createInstance(history: History): Promise<Instance> {
  const { world, servers, stores, realWork } = history;
  const index = history.instances.length;
  const clock = new InstanceClock(history.clock, world.skew?.[index] ?? 0);
  const death = new AbortController();
  const { signal } = death;
  const random = createRandom(world.seed + index);
  let lastId = 0;
  const randomUuid = () => {
    const id = `${++lastId + 1e6 * index}`.padStart(12, "0");
    return `00000000-0000-4000-8000-${id}`;
  };
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
  const failover = { ...world.failover, clock, random, randomUuid, store };
  const routes = providers.map((provider, place) => ({
    provider,
    // In another failover they would be the first again.
    name: world.isNested ? toRouteKey(place) : "route",
    weight: world.servers[place]?.weight,
  }));
  const [first, second, ...others] = routes;
  const inner = world.isNested && first && second &&
    createFailover([first, second], { ...failover, onPartial: "restart" });
  const nested = inner
    ? [{ provider: inner, name: "inner" }, ...others]
    : routes;
  const log: LogEntry[] = [];
  // Each instance seals conversations with the same key.
  const sealer = createConversationSealer({
    key: SEALING_KEY,
    expireIn: EXPIRE_IN,
    clock,
  });
  const { isShared, keepAlive, holdHead, ...limits } = world.gateway;
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
      limits: { ...limits, ...(isShared && { store }) },
      conversations: {
        seal: (...kept) =>
          stores.work(() => realWork.do(() => sealer.seal(...kept))),
        open: (...kept) =>
          stores.work(() => realWork.do(() => sealer.open(...kept))),
      },
      ...{ keepAlive, holdHead, clock, randomUuid },
      log: (entry) => void log.push(entry),
    })
    : undefined;
  // Keys are hashed by others, which takes a time that is no world's.
  for (const key of gateway ? KEYS : []) {
    const headers = { authorization: `Bearer ${key}` };
    await gateway?.(new Request("http://gateway.example/v1/none", { headers }));
  }
  log.splice(0);
  return {
    ...{ clock, realWork, gateway, log, signal },
    provider: world.over === "provider" && first
      ? first.provider
      : createFailover(nested, failover),
    die() {
      clock.die();
      death.abort(new TypeError("The process died"));
    },
  };
}
