/**
 * What an upstream says of a failure.
 *
 * @module
 */

import { tryParseJson } from "../streams/json.ts";
import {
  CODES,
  FAILED,
  isEmpty,
  isErrorObject,
  isVerdict,
  MAX_DEPTH,
  toFields,
  WORDS,
} from "./error_forms.ts";
import { findToldWait, isTime, parseRetryInfo } from "./retry_after.ts";
import {
  isFilled,
  isList,
  isNumber,
  isObject,
  isString,
} from "../streams/values.ts";

/** What an upstream says of a failure. */
export interface UpstreamError {
  /** The words for people; empty where there are none. */
  readonly message: string;
  /** The names and numbers it gives the failure, the most precise first. */
  readonly codes: readonly string[];
  /** The parameter that is wrong. */
  readonly param?: string | undefined;
  /** How long it asks to wait, in milliseconds, or until when since 1970. */
  readonly retryAfter?: number | undefined;
}

interface Found {
  readonly words: string[];
  readonly codes: string[];
  param: string | undefined;
  retryAfter: number | undefined;
}

/** Where they have some that are no error's by themselves. */
const OTHER_WORDS = [
  "title", // problems after RFC 9457
  "description",
];

/** Where objects wrap what they say: proxies, Azure, Google and MiniMax do. */
const WRAPPED = [
  ...FAILED,
  "innererror",
  "metadata",
  "raw",
  "details",
  "violations",
  "baseresp",
  "headers",
  "body",
];

/** Writes where the field is that is wrong: FastAPI lists its path. */
function toParam(value: unknown): string | undefined {
  if (isList(value)) {
    return value.filter((part) => part !== "body").join(".") || undefined;
  }
  // Python writes what is missing by its name.
  return isFilled(value) && value !== "None" ? value : undefined;
}

/** Gathers what a value says, and what it wraps. */
function gather(value: unknown, found: Found, depth = 0): void {
  if (depth > MAX_DEPTH) return;
  if (isString(value)) {
    // Proxies hand on the JSON of another server as text.
    const inner = /^\s*[[{]/.test(value) ? tryParseJson(value) : undefined;
    if (inner !== undefined) gather(inner, found, depth + 1);
    else if (value.trim() !== "") found.words.push(value);
    return;
  }
  if (isList(value)) {
    for (const item of value.slice(0, 8)) gather(item, found, depth + 1);
    return;
  }
  if (!isObject(value)) return;
  const fields = toFields(value);
  const errors = [fields.error, fields.errors];
  const inner = errors.find((item) => isObject(item) || isList(item));
  if (inner !== undefined) gather(inner, found, depth + 1);
  for (const name of WORDS) gather(fields[name], found, depth + 1);
  for (const name of OTHER_WORDS) {
    if (found.words.length === 0) gather(fields[name], found, depth + 1);
  }
  for (const error of errors) {
    // Beside words it is the name of the failure, or its number.
    if (isNumber(error) || (isString(error) && found.words.length > 0)) {
      found.codes.push(String(error));
    } else if (isString(error)) gather(error, found, depth + 1);
  }
  // FastChat says it as the text of an answer.
  if ("errorcode" in fields) gather(fields.text, found, depth + 1);
  for (const name of CODES) {
    const code = fields[name];
    if (isFilled(code) || isNumber(code)) found.codes.push(String(code));
  }
  for (const name of WRAPPED) gather(fields[name], found, depth + 1);
  found.param ??= toParam(fields.param) ?? toParam(fields.loc) ??
    toParam(fields.field);
  // OpenRouter writes the headers of another server, with a time.
  const reset = Number(fields["x-ratelimit-reset"]);
  const { retryafterms: ms } = fields;
  const wait = fields.retrydelay ?? fields.retryafter ??
    fields.retryafterseconds ?? fields.resetsinseconds ?? fields.estimatedtime;
  found.retryAfter ??= parseRetryInfo(wait) ??
    (isNumber(ms) ? ms : isTime(reset) ? reset : undefined);
}

/**
 * Finds what an upstream says of a failure, in the forms that servers use:
 * `{error: {message, code, type}}`, `{error: "…"}`, a list of such, an error in
 * a choice, `{object: "error", message}`, `{detail}`, `{message}`,
 * `{code, message}`, `{text, error_code}`, or plain words. An `error` without
 * anything in it is none.
 *
 * @param value The parsed JSON, or words.
 * @returns What it says, or `undefined` where it tells of no failure.
 *
 * @example
 * ```ts
 * import { findError } from "@parley/chat/provider";
 * import { assertEquals } from "@std/assert";
 *
 * const value = { error: { message: "No such model", code: 404 } };
 * assertEquals(findError(value)?.message, "No such model");
 * assertEquals(findError({ text: "Good day" }), undefined);
 * ```
 */
export function findError(value: unknown): UpstreamError | undefined {
  if (isList(value)) {
    // Words in a list are no failure's.
    return isObject(value[0]) ? findError(value[0]) : undefined;
  }
  const source = findSource(value);
  if (source === undefined) return undefined;
  const found: Found = {
    words: [],
    codes: [],
    param: undefined,
    retryAfter: undefined,
  };
  gather(source, found);
  const { words, codes, param, retryAfter } = found;
  if (isObject(source) && isVerdict(source.object)) codes.push("error");
  if (words.length === 0 && codes.length === 0) return undefined;
  const message = [...new Set(words)].join(": ");
  return {
    message,
    codes: [...new Set(codes)],
    param,
    retryAfter: retryAfter ?? findToldWait(message),
  };
}

/** Finds the part of an answer that tells of a failure. */
function findSource(value: unknown): unknown {
  if (isFilled(value)) return value;
  if (!isObject(value)) return undefined;
  const { choices, error } = value;
  if (isList(choices)) {
    if (!isEmpty(error)) return { error };
    return choices.filter(isObject).map((choice) => choice.error)
      .find((error) => !isEmpty(error));
  }
  return isErrorObject(value) ? value : undefined;
}
