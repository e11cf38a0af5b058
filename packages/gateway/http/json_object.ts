/**
 * JSON objects that clients send.
 *
 * @module
 */

/** A JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * The key `__proto__`, however it is escaped: it would set a prototype where an
 * object is copied. It is looked for in the text, for to look at each key of a
 * value that is parsed takes long.
 */
const PROTOTYPE_KEY =
  /"(?:_|\\u005[fF]){2}(?:p|\\u0070)(?:r|\\u0072)(?:o|\\u006[fF])(?:t|\\u0074)(?:o|\\u006[fF])(?:_|\\u005[fF]){2}"\s*:/;

/** A number in quotes, a key or not, however it is escaped. */
const QUOTED_NUMBER = /"(?:\d|\\u003\d)+"/g;

/**
 * How many numbers may be in quotes: V8 derives their hashes from them alone, so
 * that to parse many that were chosen for it takes a hundred times as long, and to
 * look them up the square of their count.
 */
const MAX_QUOTED_NUMBERS = 1_000;

/**
 * How deep lists and objects may be inside of each other: the platform parses
 * what is much deeper, and cannot write it.
 */
const MAX_DEPTH = 1_000;

/**
 * Whether a value is an object, and no list.
 *
 * @param value The value.
 */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function hasManyNumbers(text: string): boolean {
  let count = 0;
  for (const _ of text.matchAll(QUOTED_NUMBER)) {
    if (++count > MAX_QUOTED_NUMBERS) return true;
  }
  return false;
}

function isDeeper(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return depth === 0 ||
    Object.values(value).some((inner) => isDeeper(inner, depth - 1));
}

/**
 * Parses a JSON object.
 *
 * @param bytes Its text.
 * @returns The object; `undefined` where it is none, or one that nobody sends
 * who means well.
 */
export function parseObject(bytes: Uint8Array): JsonObject | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    if (PROTOTYPE_KEY.test(text) || hasManyNumbers(text)) return undefined;
    const value = JSON.parse(text);
    // Each level takes two characters.
    const canBeDeep = text.length > 2 * MAX_DEPTH;
    if (!isObject(value) || (canBeDeep && isDeeper(value, MAX_DEPTH))) {
      return undefined;
    }
    return value;
  } catch {
    // The platform's error would quote the body.
    return undefined;
  }
}
