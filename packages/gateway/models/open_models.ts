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

/** After how many milliseconds a provider that gave no list is asked again. */
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

/** The models of a provider, and until when they count. */
interface ModelList {
  readonly models: readonly string[];
  readonly until: number;
}

/** Lists the models of a provider that takes any. */
export type AskForModels = (
  provider: Provider,
  signal: AbortSignal,
) => Promise<readonly string[]>;

/**
 * Makes what asks providers that take any model for their models. A list counts
 * for a minute, so that who lists models seldom waits; a provider that gives
 * none is asked again after ten seconds.
 *
 * @param clock Where time comes from.
 * @returns Gives the ids; none where the provider gives no list, or takes only
 * the models that it knows.
 */
export function createModelAsker(clock: Clock): AskForModels {
  const lists = new Map<Provider, ModelList>();
  return async (provider, signal) => {
    if (!isOpen(provider)) return [];
    const known = lists.get(provider);
    const left = (known?.until ?? 0) - clock.now();
    // Where the clock was set back, the list would count for as long as it was.
    if (known !== undefined && left > 0 && left <= TIME) return known.models;
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
    lists.set(provider, { models, until: clock.now() + time });
    return models;
  };
}
