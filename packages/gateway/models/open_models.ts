/**
 * Providers that take any model, and know which there are only when asked.
 *
 * @module
 */

import type { Clock, OpenAiCompatibleProvider, Provider } from "@parley/chat";

/** How many milliseconds a list of models may take to come. */
const TIMEOUT = 5_000;

/** For how many milliseconds it counts. */
const TIME = 60_000;

/** For how many milliseconds it counts that a provider does not tell. */
const RETRY_TIME = 10_000;

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

/** What a provider has told, and how long it counts. */
interface Told {
  readonly models: readonly string[];
  readonly until: number;
}

/** Tells which models a provider has that takes any. */
export type AskForModels = (
  provider: Provider,
  signal: AbortSignal,
) => Promise<readonly string[]>;

/**
 * Makes what asks providers that take any model which there are. What they tell
 * counts for a minute, so that who lists models seldom waits for them; where
 * one does not tell, it is asked again after ten seconds.
 *
 * @param clock Where time comes from.
 * @returns Gives the ids; none where the provider does not tell, or takes only
 * what it knows.
 */
export function createModelAsker(clock: Clock): AskForModels {
  const told = new Map<Provider, Told>();
  return async (provider, signal) => {
    if (!isOpen(provider)) return [];
    const known = told.get(provider);
    if (known !== undefined && clock.now() < known.until) return known.models;
    let models = known?.models ?? [];
    let time = RETRY_TIME;
    try {
      models = await provider.listModels({
        signal,
        timeouts: { total: TIMEOUT },
        maxRetries: 0,
      });
      time = TIME;
    } catch {
      // Who asks leaves early, and says nothing of the provider.
      if (signal.aborted) return models;
    }
    told.set(provider, { models, until: clock.now() + time });
    return models;
  };
}
