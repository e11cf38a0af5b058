import type { ChatOptions } from "@parley/chat";
import { UsageError } from "../terminal/exit_code.ts";
import { toSuggestion } from "../terminal/suggestion.ts";

type Value = "number" | "text" | "flag";

/** The settings of a request, and what each takes. */
const OPTIONS: Readonly<Record<string, Value>> = {
  "temperature": "number",
  "topP": "number",
  "maxTokens": "number",
  "frequencyPenalty": "number",
  "presencePenalty": "number",
  "stop": "text",
  "seed": "number",
  "reasoningEffort": "text",
  "stream": "flag",
  "maxRetries": "number",
  "image.count": "number",
  "image.size": "text",
  "image.quality": "text",
  "timeouts.headers": "number",
  "timeouts.firstToken": "number",
  "timeouts.idle": "number",
  "timeouts.total": "number",
};

/** Reads names as other programs write them, such as `max_tokens`. */
function toCamelCase(name: string): string {
  return name.replaceAll(
    /[-_]([a-z])/g,
    (_part, letter: string) => letter.toUpperCase(),
  );
}

function toValue(name: string, text: string): unknown {
  switch (OPTIONS[name]) {
    case "number":
      if (text.trim() === "" || Number.isNaN(Number(text))) {
        throw new UsageError(`Option "${name}" must be a number`);
      }
      return Number(text);
    case "flag":
      if (text !== "true" && text !== "false") {
        throw new UsageError(`Option "${name}" must be true or false`);
      }
      return text === "true";
    default:
      return text;
  }
}

/**
 * Reads settings of a request, such as `temperature=0.2`.
 *
 * @param pairs Names and values.
 * @param defaults What is set for every request.
 * @throws {UsageError} If a name is unknown or a value is none.
 */
export function readRequestOptions(
  pairs: readonly string[],
  defaults: Readonly<Record<string, unknown>>,
): ChatOptions {
  const options = new Map(Object.entries(defaults));
  for (const pair of pairs) {
    const [written = "", ...rest] = pair.split("=");
    const name = toCamelCase(written.trim());
    if (rest.length === 0) {
      throw new UsageError(`Option "-o ${written}" has no value: name=value`);
    }
    options.set(name, toValue(name, rest.join("=")));
  }
  const result: Record<string, unknown> = {};
  for (const [name, value] of options) {
    if (!Object.hasOwn(OPTIONS, name)) {
      const names = Object.keys(OPTIONS);
      throw new UsageError(
        `Option "${name}" is unknown${
          toSuggestion(name, names) || `; there are ${names.join(", ")}`
        }`,
      );
    }
    const [first = "", second] = name.split(".");
    const group = result[first];
    result[first] = second === undefined
      ? value
      : { ...(typeof group === "object" ? group : {}), [second]: value };
  }
  return result;
}
