/**
 * Failover: one provider that stands for several, so that an answer which
 * breaks off is still given, once and whole.
 *
 * @example
 * ```ts
 * import { createAiChats } from "@parley/chat";
 * import { createFailover } from "@parley/chat/failover";
 * import { assertEquals } from "@std/assert";
 *
 * const down = createAiChats({
 *   fetch: () => Promise.resolve(new Response(null, { status: 402 })),
 * });
 * const up = createAiChats({
 *   fetch: () => Promise.resolve(new Response("data: Good day\n\n")),
 * });
 * const failover = createFailover([down, up]);
 * assertEquals((await failover.generate("Hello")).text, "Good day");
 * ```
 *
 * @module
 */

export type { BreakerOptions } from "./circuit_breaker.ts";
export {
  createFailover,
  type Failover,
  type FailoverRoutes,
} from "./failover.ts";
export type { FailoverOptions, OnPartial } from "./failover_options.ts";
export {
  createKvStore,
  type KvAtomicLike,
  type KvEntryLike,
  type KvKeyLike,
  type KvLike,
  type KvStoreOptions,
} from "./kv_store.ts";
export { createMemoryStore } from "./memory_store.ts";
export type { Route, RouteInit } from "./route.ts";
export type { RouteState, RouteStore } from "./route_state.ts";
export type { Strategy } from "./strategy.ts";
