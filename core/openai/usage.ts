/**
 * The tokens of an answer, in the words of servers like OpenAI's.
 *
 * @module
 */

import type { Usage } from "../chat/events.ts";
import { isNumber, isObject, withoutUndefined } from "../streams/values.ts";

/** Where servers write each count; the first that is there counts. */
const FIELDS: Readonly<Record<keyof Usage, readonly string[]>> = {
  // The second is what OpenAI's newer interface says; some servers mix the two.
  inputTokens: ["prompt_tokens", "input_tokens"],
  outputTokens: ["completion_tokens", "output_tokens"],
  totalTokens: ["total_tokens"],
  cachedTokens: [
    "prompt_tokens_details.cached_tokens",
    "input_tokens_details.cached_tokens",
    "prompt_cache_hit_tokens", // DeepSeek
    "cached_tokens", // Moonshot
    "cache_read_input_tokens", // LiteLLM, before Anthropic's models
  ],
  reasoningTokens: [
    "completion_tokens_details.reasoning_tokens",
    "output_tokens_details.reasoning_tokens",
    "reasoning_tokens", // Perplexity
  ],
  cost: [
    "cost", // OpenRouter
    "cost.total_cost", // Perplexity
  ],
};

/** Finds a number at a path. */
function findNumber(value: unknown, path: string): number | undefined {
  let found = value;
  for (const name of path.split(".")) {
    found = isObject(found) ? found[name] : undefined;
  }
  return isNumber(found) ? found : undefined;
}

/**
 * Whether a value tells any tokens. Some servers send an empty object with each
 * chunk.
 *
 * @param value What stands where usage does.
 */
export function isUsage(
  value: unknown,
): value is Readonly<Record<string, unknown>> {
  if (!isObject(value)) return false;
  // Some servers count anew in each chunk: no list is made of its values.
  for (const name in value) if (isNumber(value[name])) return true;
  return false;
}

/**
 * Reads the tokens of an answer.
 *
 * @param usage What the upstream counted.
 */
export function toUsage(usage: Readonly<Record<string, unknown>>): Usage {
  const find = (name: keyof Usage) =>
    FIELDS[name].map((path) => findNumber(usage, path))
      .find((count) => count !== undefined);
  return {
    inputTokens: find("inputTokens"),
    outputTokens: find("outputTokens"),
    totalTokens: find("totalTokens"),
    ...withoutUndefined({
      cachedTokens: find("cachedTokens"),
      reasoningTokens: find("reasoningTokens"),
      cost: find("cost"),
    }),
  };
}
