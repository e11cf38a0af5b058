/**
 * Models in the form of OpenAI's list.
 *
 * @module
 */

import type { RunContext } from "../chat/definition.ts";
import { isFilled, isObject } from "../streams/values.ts";

/**
 * Finds the model ids in `{"object":"list","data":[{"id"}…]}`, or in such a list
 * alone, as Together AI sends it. Ollama writes `null` where it has no model.
 *
 * @param run The run.
 * @param value The parsed JSON of the answer.
 * @returns The ids, in order, each once.
 * @throws {ProviderError} If there is no list, with code `bad-response`, or with
 * that of the failure where the upstream says why.
 */
export function readOpenAiModels(
  run: RunContext,
  value: unknown,
): readonly string[] {
  const isList = isObject(value) && "data" in value && !value.error;
  const entries = isList ? value.data ?? [] : value;
  if (Array.isArray(entries)) {
    const ids = entries.map((entry) => isObject(entry) ? entry.id : undefined);
    return [...new Set(ids.filter(isFilled))];
  }
  throw run.toUpstreamError(value, { reason: "Answer has no list of models" });
}
