/**
 * What a failover can.
 *
 * @module
 */

import type { Provider } from "../mod.ts";
import type { ProviderAbilities } from "../core/provider.ts";

/**
 * Tells what any of several providers can: a run asks those that can.
 *
 * @param providers The providers.
 */
export function toAbilities(
  providers: readonly Provider[],
): ProviderAbilities {
  const supports = new Set(
    providers.map(({ outputSupport }) => outputSupport),
  );
  const supportsTools = providers.some(({ toolSupport }) =>
    toolSupport === "native"
  );
  const best = (["schema", "json", "prompt"] as const).find((support) =>
    supports.has(support)
  );
  return {
    acceptsImages: providers.some(({ acceptsImages }) => acceptsImages),
    settings: [...new Set(providers.flatMap(({ settings }) => settings))],
    // What a route cannot carry, it tells itself.
    imageSettings: ["count", "size", "quality"],
    toolSupport: supportsTools ? "native" : "none",
    outputSupport: best ?? "none",
  };
}
