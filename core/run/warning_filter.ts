/**
 * The warnings of an answer.
 *
 * @module
 */

import type { WarningEvent } from "../chat/events.ts";

/** The most warnings of an answer. */
const MAX_WARNINGS = 50;

/** The most characters of a code, and of a message. */
const MAX_CODE = 64;
const MAX_MESSAGE = 300;

/**
 * Cuts what an upstream wrote.
 *
 * @param text The text.
 * @param length The most characters.
 */
export function cutText(text: string, length: number): string {
  return text.length <= length
    ? text
    : `${text.slice(0, length - 1).toWellFormed()}…`;
}

/** Writes a text on one line, without control characters. */
function clean(text: string, length: number): string {
  return cutText(text, length).replace(/[\s\p{Cc}]+/gu, " ").trim();
}

/** Gives a warning, or `undefined` where it is to be left out. */
export type WarningFilter = (event: WarningEvent) => WarningEvent | undefined;

/**
 * Makes a filter that lets each warning pass once, cleaned and cut, and so many
 * of them at most: an upstream may write what it likes.
 */
export function createWarningFilter(): WarningFilter {
  const known = new Set<string>();
  return ({ type, code, message }) => {
    if (known.size === MAX_WARNINGS) return undefined;
    const warning = {
      type,
      code: clean(code, MAX_CODE),
      message: clean(message, MAX_MESSAGE),
    };
    const key = `${warning.code} ${warning.message}`;
    if (known.has(key)) return undefined;
    known.add(key);
    return warning;
  };
}
