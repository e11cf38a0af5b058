/**
 * Models that nobody has.
 *
 * @module
 */

import { ProviderError } from "@parley/chat";
import { findMeantName } from "@parley/chat/provider";

/**
 * Makes the error for a model that there is not.
 *
 * @param reason What is wrong, or what to do.
 */
export function unknownModel(reason: string): ProviderError {
  return new ProviderError(`Model is unknown: ${reason}`, {
    code: "unknown-model",
  });
}

/**
 * Makes the error for a name that no model has.
 *
 * @param name The name.
 * @param names The names that there are.
 */
export function toUnknownModel(
  name: string,
  names: readonly string[],
): ProviderError {
  const meant = findMeantName(name, names);
  const list = "GET /v1/models lists those that are known";
  return unknownModel(
    meant === undefined ? list : `did you mean "${meant}"? ${list}`,
  );
}
