/**
 * Options that a provider has beside those of all providers.
 *
 * @module
 */

import type { ProviderOptions } from "../chat/provider_options.ts";
import { invalidOption, invalidRequest, toPath } from "../chat/options.ts";
import type { SchemaIssue, StandardSchema } from "../chat/schema.ts";
import { toProviderSchemas } from "../http/provider_config.ts";
import { addSecret, cleanText, createRedactor } from "../http/redactor.ts";
import { isObject } from "../streams/values.ts";

/** The options of a provider, the shared and its own. */
export interface SplitProviderOptions {
  /** Those of all providers, unchecked. */
  readonly shared: ProviderOptions;
  /** Its own, as their schema gives them. */
  readonly own: object;
}

/** Words it as the library does; schemas of some libraries repeat the value. */
function toIssueError(
  { message, path = [] }: SchemaIssue,
  given: Readonly<Record<string, unknown>>,
): Error {
  const redactor = createRedactor();
  for (const value of Object.values(given)) {
    addSecret(redactor, isObject(value) ? JSON.stringify(value) : `${value}`);
  }
  return invalidOption(
    toPath(path),
    `is not valid: ${cleanText(redactor, message)}`,
  );
}

/**
 * Splits the options of a provider, and checks its own.
 *
 * @param schema What its own must be; absent where it has none.
 * @param options All of them.
 * @throws {ProviderError} If one of its own is wrong or unknown, with code
 * `invalid-request`.
 */
export function splitOptions(
  schema: StandardSchema<object, object> | undefined,
  options: ProviderOptions,
): SplitProviderOptions {
  if (schema === undefined || !isObject(options)) {
    return { shared: options, own: {} };
  }
  const entries = Object.entries(options);
  const isShared = ([name]: readonly [string, unknown]) =>
    Object.hasOwn(toProviderSchemas(), name);
  const given = Object.fromEntries(entries.filter((entry) => !isShared(entry)));
  const result = schema["~standard"].validate(given);
  if ("then" in result) {
    throw invalidRequest("Options cannot be checked: their schema waits");
  }
  const [issue] = result.issues ?? [];
  if (issue !== undefined) throw toIssueError(issue, given);
  const own = "value" in result ? result.value : {};
  const unknown = Object.keys(given).find((name) =>
    given[name] !== undefined && !(name in own)
  );
  if (unknown !== undefined) throw invalidOption(unknown, "is unknown");
  return { shared: Object.fromEntries(entries.filter(isShared)), own };
}
