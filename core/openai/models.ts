/**
 * Models in the form of OpenAI's list.
 *
 * @module
 */

import type { RunContext } from "../chat/definition.ts";
import { custom, object, optional, parse } from "../chat/zod.ts";
import { once } from "../streams/once.ts";
import { isFilled, isList, isObject } from "../streams/values.ts";

const toList = /* @__PURE__ */ once(() =>
  object({
    data: custom<readonly unknown[] | null>((data) =>
      data === null || isList(data)
    ),
    error: optional(custom((error) => !error)),
  })
);

/** What is a model. */
function isModel(entry: unknown): entry is { readonly id: string } {
  return isObject(entry) && isFilled(entry.id);
}

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
  const answer = isList(value) ? { data: value } : value;
  const list = parse(toList(), answer);
  if (list !== undefined) {
    const entries = list.data ?? [];
    const ids = new Set(entries.filter(isModel).map(({ id }) => id));
    if (ids.size > 0 || entries.length === 0) return [...ids];
  }
  throw run.toUpstreamError(value, { reason: "Answer has no list of models" });
}
