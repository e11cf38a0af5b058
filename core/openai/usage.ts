/**
 * The tokens of an answer, in the words of servers like OpenAI's.
 *
 * @module
 */

import type { Usage } from "../chat/events.ts";
import {
  isFilled,
  isNumber,
  isObject,
  withoutUndefined,
} from "../streams/values.ts";

/** Reads a count; servers without types write a string. */
function toCount(value: unknown): number | undefined {
  const count = isFilled(value) ? Number(value) : value;
  return isNumber(count) && isFinite(count) ? count : undefined;
}

/**
 * Whether a value tells any tokens. Some servers send an empty object with each
 * chunk, some relays end with zeros after what the server counted.
 *
 * @param value What stands where usage does.
 * @param known What was counted before: zeros tell nothing beside it.
 */
export function isUsage(
  value: unknown,
  known: unknown,
): value is Readonly<Record<string, unknown>> {
  if (!isObject(value)) return false;
  // Some servers count anew in each chunk: no list is made of its values.
  for (const name in value) {
    const count = toCount(value[name]);
    if (known ? count : count !== undefined) return true;
  }
  return false;
}

/**
 * Reads the tokens of an answer.
 *
 * @param usage What the upstream counted.
 */
export function toUsage(usage: Readonly<Record<string, unknown>>): Usage {
  // Kinds of tokens stand in `prompt_tokens_details` and the like.
  const counts: Readonly<Record<string, unknown>> = Object.assign(
    {},
    ...Object.values(usage).filter(isObject),
    usage,
  );
  const find = (...names: readonly string[]) =>
    names.map((name) => toCount(counts[name]))
      .find((count) => count !== undefined);
  return {
    // The second is what OpenAI's newer interface says; some servers mix the two.
    inputTokens: find("prompt_tokens", "input_tokens"),
    outputTokens: find("completion_tokens", "output_tokens"),
    totalTokens: find("total_tokens"),
    ...withoutUndefined({
      cachedTokens: find(
        "cached_tokens",
        "prompt_cache_hit_tokens", // DeepSeek
        "cache_read_input_tokens", // LiteLLM, before Anthropic's models
      ),
      reasoningTokens: find("reasoning_tokens"),
      cost: find(
        "cost", // OpenRouter
        "total_cost", // Perplexity, within
      ),
    }),
  };
}
