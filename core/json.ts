/**
 * JSON from upstreams.
 *
 * @module
 */

import { ProviderError } from "./errors.ts";
import { isObject, isString } from "./shape.ts";

/** Whether JSON text ends inside a string, an object or an array. */
function isCut(text: string): boolean {
  let depth = 0;
  // Strings are matched whole, so that brackets in them do not count.
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"?|[[{}\]]/gs)) {
    if (token.startsWith('"')) {
      if (!/^"(?:[^"\\]|\\.)*"$/s.test(token)) return true;
    } else {
      depth += token === "{" || token === "[" ? 1 : -1;
    }
  }
  return depth > 0;
}

/**
 * Parses JSON that should be whole.
 *
 * @param text The text.
 * @returns The value.
 * @throws {ProviderError} If the text is cut, with code `incomplete`, or not
 * JSON at all, with code `bad-response`.
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The platform's error quotes the text.
    const trimmed = text.trim();
    if (trimmed === "" || (/^[[{]/.test(trimmed) && isCut(trimmed))) {
      throw new ProviderError("Response is cut", { code: "incomplete" });
    }
    throw new ProviderError("Response is not JSON", { code: "bad-response" });
  }
}

/**
 * Finds the words for people in the JSON of an error, in the forms that
 * servers use: `{error: {message}}`, `{error: "…"}`, `{message}`, `{detail}`,
 * or plain words.
 *
 * @param value The parsed JSON.
 * @returns The words and the code, where there are any.
 */
export function findError(
  value: unknown,
): { readonly message?: string; readonly code?: string } {
  if (isString(value)) return { message: value };
  if (!isObject(value)) return {};
  const { error } = value;
  const source = isObject(error) ? error : value;
  const message = [error, source.message, source.detail].find((text) =>
    typeof text === "string" && text !== ""
  );
  const code = [source.code, source.type].find((text) =>
    (typeof text === "string" && text !== "") || typeof text === "number"
  );
  return {
    ...(typeof message === "string" && { message }),
    ...(code !== undefined && { code: String(code) }),
  };
}
