import * as library from "@parley/chat";
import type { Provider, ProviderOptions } from "@parley/chat";

/** Makes a provider that has a site. */
export type SiteFactory = (options: ProviderOptions) => Provider;

/**
 * Finds the factory that stands beside a ready instance, so that whoever adds a
 * provider need not list it here.
 */
export function findSiteFactory(instance: Provider): SiteFactory | undefined {
  const entries = new Map<string, unknown>(Object.entries(library));
  for (const [name, value] of entries) {
    if (value !== instance) continue;
    const factory = `create${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    const create = entries.get(factory);
    if (typeof create === "function") return (options) => create(options);
  }
  return undefined;
}
