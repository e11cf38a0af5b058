/**
 * Settings in the form of OpenAI's chat completions.
 *
 * @module
 */

import type { RunContext } from "../chat/definition.ts";
import type { Rule } from "../chat/rules.ts";
import type { ChatSetting, ImageOptions } from "../chat/types.ts";
import { withoutUndefined } from "../streams/values.ts";

/** What servers call the most tokens of an answer. */
export type MaxTokensField = "max_tokens" | "max_completion_tokens";

/** What an option that is a {@linkcode MaxTokensField} must be. */
export const MAX_TOKENS_FIELD: Rule = [
  (value) => value === "max_tokens" || value === "max_completion_tokens",
  '"max_tokens" or "max_completion_tokens"',
];

/** The settings that every server of this form carries. */
export const SAMPLING_SETTINGS: readonly ChatSetting[] = [
  "stream",
  "temperature",
  "topP",
  "maxTokens",
  "frequencyPenalty",
  "presencePenalty",
];

/**
 * Writes settings for a server that speaks like OpenAI's.
 *
 * @param settings The settings of a run.
 * @param maxTokensField What the server calls `maxTokens`.
 * @returns Those that are set, by their names in the request.
 */
export function toOpenAiSettings(
  settings: RunContext["settings"],
  maxTokensField: MaxTokensField = "max_tokens",
): Readonly<Record<string, unknown>> {
  return withoutUndefined({
    temperature: settings.temperature,
    top_p: settings.topP,
    [maxTokensField]: settings.maxTokens,
    frequency_penalty: settings.frequencyPenalty,
    presence_penalty: settings.presencePenalty,
    stop: settings.stop,
    seed: settings.seed,
    reasoning_effort: settings.reasoningEffort,
  });
}

/**
 * Writes the settings of pictures for a server that speaks like OpenAI's.
 *
 * @param image The settings of a run.
 * @returns Those that are set, by their names in the request, and one picture
 * where nothing else is said.
 */
export function toOpenAiImageSettings(
  { count = 1, size, quality }: ImageOptions = {},
): Readonly<Record<string, unknown>> {
  return { n: count, ...withoutUndefined({ size, quality }) };
}
