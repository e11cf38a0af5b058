/**
 * Tells JSON values apart where they come in pieces: schemas, which take longer,
 * are for what is read whole.
 *
 * @module
 */

/** Whether a value is a string. */
export function isString(value: unknown): value is string {
  return typeof value === "string";
}

/** Whether a value is a string with anything in it. */
export function isFilled(value: unknown): value is string {
  return isString(value) && value !== "";
}

/** Whether a value is a number. */
export function isNumber(value: unknown): value is number {
  return typeof value === "number";
}

/** Whether a value is a list. */
export function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** Whether a value is a JSON object. */
export function isObject(
  value: unknown,
): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !isList(value);
}

/**
 * Whether a value is a `Uint8Array`, of this realm or of another: `instanceof`
 * knows only this one's.
 *
 * @param value Any value.
 *
 * @example
 * ```ts
 * import { isBytes } from "@parley/chat/provider";
 * import { assert, assertFalse } from "@std/assert";
 *
 * assert(isBytes(new Uint8Array(2)));
 * assertFalse(isBytes(new Uint16Array(2)));
 * ```
 */
export function isBytes(value: unknown): value is Uint8Array {
  return toTag(value) === "Uint8Array";
}

/** Whether a value is a `URL`, of any realm. */
export function isUrl(value: unknown): value is URL {
  return toTag(value) === "URL" && isObject(value) && isString(value.href);
}

/** Whether a value is an error, of any realm. */
export function isError(value: unknown): value is Error {
  return ["Error", "DOMException"].includes(toTag(value));
}

/** Whether a value is a promise, of any realm, or is awaited as one is. */
export function isPromise(value: unknown): boolean {
  return isObject(value) && typeof value.then === "function";
}

function toTag(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}

/** Whether a value is missing, or `null`. */
export function isNullish(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

/**
 * Reads a property by a name from outside, such as `constructor`: what an
 * object inherits is not meant.
 *
 * @param values The object.
 * @param name The name.
 */
export function getOwn<T>(
  values: Readonly<Record<string, T>>,
  name: string,
): T | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

/** A list without items, for all that have none. */
export const NOTHING: readonly never[] = [];

/**
 * Leaves out the properties that are `undefined`.
 *
 * @param values The object.
 */
export function withoutUndefined<T extends object>(
  values: T,
): { [Key in keyof T]: Exclude<T[Key], undefined> } {
  // Entries and an object made of them would take three times as long.
  const kept: Partial<T> = {};
  for (const key of Object.keys(values) as (keyof T)[]) {
    if (values[key] !== undefined) kept[key] = values[key];
  }
  return kept as { [Key in keyof T]: Exclude<T[Key], undefined> };
}
