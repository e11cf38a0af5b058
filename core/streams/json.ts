/**
 * JSON from upstreams.
 *
 * @module
 */

import { StreamError } from "./stream_error.ts";

/** Whether JSON text ends inside a string, an object or an array. */
function isCut(text: string): boolean {
  const parts = text.replaceAll(/\\./gs, "").split('"');
  // Every second part is inside a string.
  const marks = parts.filter((_, index) => index % 2 === 0).join("");
  const count = (mark: RegExp) => marks.split(mark).length;
  return parts.length % 2 === 0 || count(/[{[]/) > count(/[}\]]/);
}

/**
 * Finds where a string of JSON ends.
 *
 * @param text The text.
 * @param from A place in the string, not after a backslash that escapes.
 * @returns The index of its closing quote, or -1 where there is none.
 */
export function findQuote(text: string, from: number): number {
  let end = text.indexOf('"', from);
  while (end !== -1) {
    let escapes = end;
    while (escapes > from && text[escapes - 1] === "\\") escapes--;
    if ((end - escapes) % 2 === 0) return end;
    end = text.indexOf('"', end + 1);
  }
  return -1;
}

/**
 * Tells how much of what stands in a string of JSON stands for itself.
 *
 * @param inside What stands between its quotes, or would.
 * @param end Where to look no further.
 * @returns The index of the first character that does not.
 */
export function measurePlain(
  inside: string,
  end: number = inside.length,
): number {
  const last = Math.min(end, inside.length);
  // For such short texts a regular expression takes several times as long.
  for (let index = 0; index < last; index++) {
    const code = inside.charCodeAt(index);
    if (code < 0x20 || code === 0x22 || code === 0x5c) return index;
  }
  return last;
}

/**
 * Begins no JSON, as `[DONE]`: to see that is a hundred times quicker than the
 * platform's error.
 */
const PLAIN_WORD = /^\[?[A-Za-eg-mo-su-z]/;

/** A number that JSON does not know, where a value stands. */
const NON_NUMBER = /[:,[]\s*-?(?:NaN|Infinity)\b/;

/** How long a text may be whatever it consists of, in characters. */
const LONG_TEXT = 1024 * 1024;

/** How many fields, lists and objects a longer one may have, of each kind. */
export const MAX_PARTS = 100_000;

/**
 * Whether a text has so many parts that the platform would take seconds to parse
 * it, in which nobody else has a turn. What is long for a good reason, pictures
 * and texts, has few.
 */
function hasManyParts(text: string): boolean {
  if (text.length <= LONG_TEXT) return false;
  return [":", "[", "{"].some((mark) => {
    let count = 0;
    let index = text.indexOf(mark);
    while (index !== -1 && count <= MAX_PARTS) {
      count++;
      index = text.indexOf(mark, index + 1);
    }
    return count > MAX_PARTS;
  });
}

/**
 * Writes `null` for the numbers that are none in JSON, and that servers in Python
 * write all the same.
 */
function replaceNonNumbers(text: string): string {
  const mark = /"|-?\b(?:NaN|Infinity)\b/g;
  let replaced = "";
  let start = 0;
  for (let found = mark.exec(text); found; found = mark.exec(text)) {
    if (found[0] === '"') {
      const end = findQuote(text, mark.lastIndex);
      if (end === -1) break;
      mark.lastIndex = end + 1;
    } else {
      replaced += `${text.slice(start, found.index)}null`;
      start = mark.lastIndex;
    }
  }
  return replaced + text.slice(start);
}

/**
 * Parses text that may be JSON. The platform's error would quote it.
 *
 * @param text The text.
 * @returns The value, with `null` for the `NaN` and `Infinity` of Python, or
 * `undefined` where the text is no JSON, or has more than 1 Mi characters and some
 * hundred thousand fields or values.
 *
 * @example
 * ```ts
 * import { tryParseJson } from "@parley/chat/provider";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(tryParseJson('{"a":1}'), { a: 1 });
 * assertEquals(tryParseJson("no"), undefined);
 * ```
 */
export function tryParseJson(text: string): unknown {
  if (PLAIN_WORD.test(text) || hasManyParts(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    if (text.length > LONG_TEXT || !NON_NUMBER.test(text)) return undefined;
    const replaced = replaceNonNumbers(text);
    return replaced === text ? undefined : tryParseJson(replaced);
  }
}

/**
 * Writes a value of an upstream's as JSON. What it parsed may be nested deeper
 * than the platform writes.
 *
 * @param value The value.
 * @param indent By how many spaces each level is indented; by default it is one
 * line.
 * @returns The text, or `undefined` where it cannot be written.
 */
export function tryStringifyJson(
  value: unknown,
  indent?: number,
): string | undefined {
  try {
    return JSON.stringify(value, null, indent);
  } catch {
    return undefined;
  }
}

/**
 * Parses JSON that should be whole.
 *
 * @param text The text.
 * @returns The value.
 * @throws {StreamError} If the text is cut, with code `incomplete`, or not
 * JSON at all, with code `bad-response`.
 */
export function parseJson(text: string): unknown {
  const value = tryParseJson(text);
  if (value !== undefined) return value;
  const trimmed = text.trim();
  if (trimmed === "" || (/^[[{]/.test(trimmed) && isCut(trimmed))) {
    throw new StreamError("Response is cut", "incomplete");
  }
  throw new StreamError("Response is not JSON", "bad-response");
}
