/**
 * Settings in the form of OpenAI's chat completions.
 *
 * @module
 */

import type { RunContext } from "../chat/definition.ts";
import type { ChatSetting } from "../chat/types.ts";

/** What servers call the most tokens of an answer. */
export type MaxTokensField = "max_tokens" | "max_completion_tokens";

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
  const names: readonly (readonly [ChatSetting, string])[] = [
    ["temperature", "temperature"],
    ["topP", "top_p"],
    ["maxTokens", maxTokensField],
    ["frequencyPenalty", "frequency_penalty"],
    ["presencePenalty", "presence_penalty"],
  ];
  return Object.fromEntries(
    names.map(([name, field]) => [field, settings[name]])
      .filter(([, value]) => value !== undefined),
  );
}
