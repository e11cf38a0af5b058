/**
 * Settings in the form of OpenAI's chat completions.
 *
 * @module
 */

import type { RunContext } from "../chat/definition.ts";
import type { ChatSetting, ImageOptions } from "../chat/types.ts";
import { withoutUndefined } from "../streams/values.ts";

/** What servers call the most tokens of an answer. */
export type MaxTokensField = "max_tokens" | "max_completion_tokens";

/** The fields that a request may have of its own. */
export const BODY_FIELDS: readonly string[] = [
  "model",
  "messages",
  "prompt",
  "stream",
  "stream_options",
  "temperature",
  "top_p",
  "max_tokens",
  "max_completion_tokens",
  "frequency_penalty",
  "presence_penalty",
  "stop",
  "seed",
  "reasoning_effort",
  "tools",
  "tool_choice",
  "parallel_tool_calls",
  "response_format",
  "n",
  "size",
  "quality",
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
 * Writes the settings that every server of this form carries.
 *
 * @param settings The settings of a run.
 * @param maxTokensField What the server calls `maxTokens`.
 * @returns Those that are set, by their names in the request.
 */
export function toSampling(
  settings: RunContext["settings"],
  maxTokensField: MaxTokensField = "max_tokens",
): Readonly<Record<string, unknown>> {
  return withoutUndefined({
    temperature: settings.temperature,
    top_p: settings.topP,
    [maxTokensField]: settings.maxTokens,
    frequency_penalty: settings.frequencyPenalty,
    presence_penalty: settings.presencePenalty,
  });
}

/**
 * Writes settings for a server that speaks like OpenAI's.
 *
 * @param settings The settings of a run.
 * @param maxTokensField What the server calls `maxTokens`.
 * @returns Those that are set, by their names in the request.
 */
export function toOpenAiSettings(
  settings: RunContext["settings"],
  maxTokensField?: MaxTokensField,
): Readonly<Record<string, unknown>> {
  return {
    ...toSampling(settings, maxTokensField),
    ...withoutUndefined({
      stop: settings.stop,
      seed: settings.seed,
      reasoning_effort: settings.reasoningEffort,
    }),
  };
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
