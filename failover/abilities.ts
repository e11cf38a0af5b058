/**
 * What a failover can.
 *
 * @module
 */

import type { Message, Provider } from "../mod.ts";
import type { ProviderAbilities, RunContext } from "../core/provider.ts";

/**
 * Says what any of several providers can: a run asks those that can.
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
    // What a route cannot carry, it refuses itself.
    imageSettings: ["count", "size", "quality"],
    toolSupport: supportsTools ? "native" : "none",
    outputSupport: best ?? "none",
  };
}

function hasImages({ content }: Message): boolean {
  return typeof content !== "string" &&
    content.some(({ type }) => type === "image");
}

function hasCalls(message: Message): boolean {
  return message.role === "tool" ||
    (message.role === "assistant" && message.toolCalls !== undefined);
}

/**
 * Finds those of several routes that can do what a run asks; the others are not
 * asked. Where none can, all are left to say why.
 *
 * @param routes The routes.
 * @param run The run.
 */
export function findAble<T extends { readonly provider: Provider }>(
  routes: readonly T[],
  { messages, options }: RunContext,
): readonly T[] {
  const { tools = [], output } = options;
  const wantsTools = tools.length > 0 || messages.some(hasCalls);
  const wantsImages = messages.some(hasImages);
  const able = routes.filter(({ provider }) =>
    (!wantsTools || provider.toolSupport === "native") &&
    (output === undefined || provider.outputSupport !== "none") &&
    (!wantsImages || provider.acceptsImages)
  );
  return able.length > 0 ? able : routes;
}
