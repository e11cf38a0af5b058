import type { RouteStore } from "./route_state.ts";

/** How many states are kept: more than anyone has routes. */
const MAX_STATES = 10_000;

/**
 * Makes a store in memory: what one process knows of its routes, until it ends.
 * It keeps 10,000 states, and forgets the one that changed least recently.
 *
 * @returns The store.
 *
 * @example Usage
 * ```ts
 * import { createMemoryStore } from "@parley/chat/failover";
 * import { assertEquals } from "@std/assert";
 *
 * const store = createMemoryStore();
 * await store.update("AmigoChat", () => ({ failures: 1 }));
 *
 * assertEquals(await store.get(["AmigoChat", "AiChats"]), [
 *   { failures: 1 },
 *   undefined,
 * ]);
 * ```
 */
export function createMemoryStore(): RouteStore {
  const states = new Map<string, object>();

  function keep(key: string, state: object): void {
    // A map remembers the order in which its keys came.
    states.delete(key);
    states.set(key, state);
    if (states.size <= MAX_STATES) return;
    const [oldest] = states.keys();
    if (oldest !== undefined) states.delete(oldest);
  }

  return {
    get: (keys) => Promise.resolve(keys.map((key) => states.get(key))),
    // Nothing else runs between the read and the write.
    update: (key, change) =>
      new Promise((resolve) => {
        const state = change(states.get(key));
        if (state !== undefined) keep(key, state);
        resolve();
      }),
  };
}
