/**
 * What the models of a gateway can.
 *
 * @module
 */

import type { Provider } from "@parley/chat";

/** What a model can. */
export interface ModelAbilities extends
  Pick<
    Provider,
    "acceptsImages" | "settings" | "toolSupport" | "outputSupport"
  > {
  /** Whether its requests may have more fields, in the words of the upstream. */
  readonly takesExtraBody: boolean;
}

/** What a model can that makes pictures. */
export const IMAGE_ABILITIES: ModelAbilities = {
  acceptsImages: false,
  settings: [],
  toolSupport: "none",
  outputSupport: "none",
  takesExtraBody: false,
};

/** The forms of an object, the best first. */
const OUTPUTS = ["schema", "json", "prompt"] as const;

/**
 * Says what a model can that any of several providers answers for: a run asks
 * those that can.
 *
 * @param providers The providers.
 */
export function toModelAbilities(
  providers: readonly Provider[],
): ModelAbilities {
  const outputs = new Set(providers.map(({ outputSupport }) => outputSupport));
  const canCall = providers.some(({ toolSupport }) => toolSupport === "native");
  return {
    acceptsImages: providers.some(({ acceptsImages }) => acceptsImages),
    settings: [...new Set(providers.flatMap(({ settings }) => settings))],
    toolSupport: canCall ? "native" : "none",
    outputSupport: OUTPUTS.find((output) => outputs.has(output)) ?? "none",
    // One that takes none would refuse the request.
    takesExtraBody: providers.every(({ takesExtraBody = false }) =>
      takesExtraBody
    ),
  };
}
