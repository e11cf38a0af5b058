/**
 * Providers that take any model, and know which there are only when asked.
 *
 * @module
 */

import type { OpenAiCompatibleProvider, Provider } from "../mod.ts";

/** How many milliseconds a list of models may take to come. */
const TIMEOUT = 5_000;

function isOpen(provider: Provider): provider is OpenAiCompatibleProvider {
  if (!("listModels" in provider)) return false;
  try {
    // It is no model, so who takes it takes any.
    provider.getModel("\0");
    return true;
  } catch {
    return false;
  }
}

/**
 * Asks a provider that takes any model which there are.
 *
 * @param provider The provider.
 * @param signal Ends the asking.
 * @returns The ids; none where it does not tell, or takes only what it knows.
 */
export async function askForModels(
  provider: Provider,
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (!isOpen(provider)) return [];
  const timeouts = { total: TIMEOUT };
  try {
    return await provider.listModels({ signal, timeouts, maxRetries: 0 });
  } catch {
    return [];
  }
}
