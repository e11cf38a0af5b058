/**
 * Whether a value is a failure, by the names of its fields.
 *
 * @module
 */

import {
  isList,
  isNullish,
  isNumber,
  isObject,
  isString,
} from "../streams/values.ts";

/** How deep an error may be wrapped in others. */
export const MAX_DEPTH = 6;

/** How many fields of an object are looked at. */
const MAX_FIELDS = 1_000;

/** Where objects have their words, the usual place first. */
export const WORDS = [
  "message",
  "msg",
  "detail",
  "errormsg",
  "errormessage",
  "errortext",
  "errordescription", // OAuth
  "faultstring", // Apigee
  "statusmsg",
];

/** Where objects name the failure. */
export const CODES = [
  "code",
  "type",
  "status",
  "statuscode",
  "errorcode",
  "errortype",
  "reason",
  "quotaid",
];

/** Where objects wrap a failure, and nothing else: Apigee and Volcengine do. */
export const FAILED = ["fault", "responsemetadata"];

/** Where a word alone tells of a failure. */
const VERDICTS = ["type", "status", "object"];

/**
 * The fields of an object by their names in small letters, without underscores:
 * some write `Message`, or `errorCode`.
 */
export function toFields(
  value: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.keys(value).slice(0, MAX_FIELDS)
      .map((name) => [name.toLowerCase().replaceAll("_", ""), value[name]]),
  );
}

/** Whether an object says by its form that it is an error, or wraps one. */
export function isErrorObject(
  value: Readonly<Record<string, unknown>>,
): boolean {
  const fields = toFields(value);
  if (!isEmpty(fields.error)) return true;
  // Beside an answer anything else is something of the answer's, and 0 is the code
  // of a success.
  if (isList(fields.choices) || fields.code === 0) return false;
  return !isEmpty(fields.errors) || "errorcode" in fields ||
    FAILED.some((name) => name in fields) ||
    WORDS.some((name) => !isEmpty(fields[name])) ||
    CODES.some((name) => isFailure(fields[name])) ||
    VERDICTS.some((name) => isVerdict(fields[name])) ||
    isFailedBase(fields.baseresp);
}

/** Whether a field says nothing, as the `{}` or `{code: null}` of some servers. */
export function isEmpty(value: unknown, depth = 0): boolean {
  if (depth > MAX_DEPTH) return false;
  if (isObject(value) || isList(value)) {
    return Object.values(value).every((part) => isEmpty(part, depth + 1));
  }
  return isNullish(value) || value === "" || value === false || value === 0;
}

/** Whether MiniMax tells of a failure where it also tells of success. */
function isFailedBase(base: unknown): boolean {
  return isObject(base) && isNumber(base.status_code) && base.status_code !== 0;
}

function isFailure(code: unknown): boolean {
  return isNumber(code) && code >= 400 && code < 600;
}

/** Whether a word tells of a failure. */
export function isVerdict(word: unknown): boolean {
  return isString(word) && /^(?:error|fail(?:ed|ure)?)$/i.test(word);
}
