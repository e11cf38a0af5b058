/**
 * What an upstream says of a failure.
 *
 * @module
 */

import { isFilled, isNumber, isObject, isString } from "../streams/values.ts";

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
): {
  readonly message?: string | undefined;
  readonly code?: string | undefined;
} {
  if (isString(value)) return { message: value };
  if (!isObject(value)) return {};
  const { error } = value;
  const source = isObject(error) ? error : value;
  // FastAPI lists what is wrong with each field.
  const [detail] = Array.isArray(source.detail) ? source.detail : [];
  const message = [
    error,
    source.message,
    source.detail,
    isObject(detail) ? detail.msg : undefined,
  ].find(isFilled);
  const code = [source.code, source.type].find((value) =>
    isFilled(value) || isNumber(value)
  );
  return { message, code: code?.toString() };
}
