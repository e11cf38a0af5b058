/**
 * What the AI SDK keeps beside a call, and gives back with it: who made it, and
 * what its maker wants back.
 *
 * @module
 */

import type {
  JSONObject,
  SharedV4ProviderMetadata,
  SharedV4Warning,
} from "@ai-sdk/provider";
import type { AssistantMessage, Opaque, Warning } from "@parley/chat";

/** The part of a message that its maker wants back. */
type Origin = Pick<AssistantMessage, "provider" | "model" | "opaque">;

/** What is kept beside a call. */
export interface CallMetadata extends Origin {
  /** What the maker wants back with the call. */
  readonly callOpaque?: Opaque | undefined;
}

/**
 * Writes metadata under the name of a provider.
 *
 * @param id The id of the provider.
 * @param values Plain JSON.
 */
export function toMetadata(
  id: string,
  values: object,
): SharedV4ProviderMetadata {
  return { [id]: { ...values } as JSONObject };
}

function toText(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function toOpaque(value: unknown): Opaque | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? { ...value }
    : undefined;
}

/**
 * Reads what was kept beside a call, which may have been in a browser since.
 *
 * @param id The id of the provider.
 * @param metadata What came back.
 */
export function readCallMetadata(
  id: string,
  metadata: SharedV4ProviderMetadata | undefined,
): CallMetadata {
  const { provider, model, opaque, callOpaque } = metadata?.[id] ?? {};
  return {
    provider: toText(provider),
    model: toText(model),
    opaque: toOpaque(opaque),
    callOpaque: toOpaque(callOpaque),
  };
}

/**
 * Makes the warning that something has no effect.
 *
 * @param feature What.
 */
export function unsupported(feature: string): SharedV4Warning {
  return { type: "unsupported", feature };
}

/**
 * Writes a warning of a run.
 *
 * @param warning The warning.
 */
export function toSdkWarning({ message }: Warning): SharedV4Warning {
  return { type: "other", message };
}
