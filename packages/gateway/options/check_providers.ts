/**
 * The ids of providers, by which their models are named.
 *
 * @module
 */

import type { Provider } from "@parley/chat";
import { invalidOptions } from "./gateway_options.ts";

/**
 * Checks that each provider can be named.
 *
 * @param providers The providers.
 * @throws {ProviderError} If one cannot, with code `invalid-request`.
 */
export function checkProviders(providers: readonly Provider[]): void {
  const ids = providers.map(({ id }) => id.toLowerCase());
  const wrong = ids.find((id, index) =>
    id === "" || id.includes("/") || ids.indexOf(id) !== index
  );
  if (wrong !== undefined) {
    throw invalidOptions(
      `Provider "${wrong}" cannot be served: ids differ in more than case, ` +
        "and have no slash",
    );
  }
}
