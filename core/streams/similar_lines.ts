/**
 * Lines of JSON that differ in one string only.
 *
 * @module
 */

import { findQuote, tryParseJson } from "./json.ts";
import { isString } from "./values.ts";

/** What a line says, where it says nothing but one text. */
export interface OnlyText<Type extends string> {
  /** What the text is. */
  readonly type: Type;
  /** The text; never empty. */
  readonly text: string;
}

/** Reads the lines of one answer. */
export interface SimilarLines<Type extends string> {
  /**
   * Reads a line that is like the ones before it.
   *
   * @param line The line.
   * @returns What it says; `undefined` where the line has to be parsed.
   */
  read(line: string): OnlyText<Type> | undefined;
  /**
   * Compares a line that had to be parsed with the one before it.
   *
   * @param line The line.
   * @param value Its value.
   */
  learn(line: string, value: unknown): void;
}

interface ParsedLine {
  readonly line: string;
  readonly value: unknown;
}

interface Similarity<Type extends string> {
  readonly head: string;
  readonly tail: string;
  readonly type: Type;
}

/** Longer lines are not compared: they would be kept in memory for it. */
const MAX_LINE = 4_096;

/** How many lines are parsed at most until lines are compared again. */
const MAX_PAUSE = 63;

/** How often a padding is looked for. */
const MAX_PADDING = 64;

/** From this length on a slice keeps the whole text in memory that it is of. */
const LONG_SLICE = 13;

/** What does not stand for itself in a JSON string, and some that does. */
const SPECIAL = /["\\\p{Cc}]/u;

/** Where two lines begin to differ. */
function findDifference(one: string, other: string): number {
  let index = 0;
  while (
    index < one.length && one.charCodeAt(index) === other.charCodeAt(index)
  ) index++;
  return index;
}

/** Where the string begins that a place is in, after its opening quote. */
function findStart(line: string, place: number): number | undefined {
  let start = line.indexOf('"') + 1;
  while (start > 0 && start <= place) {
    const end = findQuote(line, start);
    if (end === -1) return undefined;
    if (place <= end) return start;
    start = line.indexOf('"', end + 1) + 1;
  }
  return undefined;
}

/**
 * Makes a reader of the lines of one answer: mostly they are the same but for
 * their texts, and then only the text is parsed.
 *
 * It finds in every line what `find` does in its value. Two lines of JSON,
 * `head + a + tail` and `head + b + tail`, have been parsed, where `head` ends
 * with the quote that opens a string and `tail` begins with the quote that
 * closes it, and which is no name. A third line `head + c + tail`, where `"c"`
 * is a string in JSON, has the same tokens but for this one: it is JSON, and its
 * value the same but for this string. `find` found two texts in the first two
 * values, so it looks at this string, and no other of its name hides it; what it
 * found was the string itself. In the third it finds the same, with `c`.
 *
 * @param find Finds what a value says, where that is nothing but one text: a
 * string in it that is not empty. Of this string it may not look at anything else.
 * @param padding An escape that may follow the text in its string, again and
 * again, and means nothing: it may be left out.
 */
export function createSimilarLines<Type extends string>(
  find: (value: unknown) => OnlyText<Type> | undefined,
  padding = "",
): SimilarLines<Type> {
  const longPadding = padding.repeat(MAX_PADDING);
  let known: Similarity<Type> | undefined;
  let last: ParsedLine | undefined;
  let pause = 0;
  /** How much of the pause is left. */
  let rest = 0;

  function compare(
    one: ParsedLine,
    other: ParsedLine,
  ): Similarity<Type> | undefined {
    const place = findDifference(one.line, other.line);
    const start = findStart(other.line, place);
    if (start === undefined) return undefined;
    const tail = other.line.slice(findQuote(other.line, start));
    const isSame = one.line.slice(findQuote(one.line, start)) === tail;
    if (!isSame || /^"\s*:/.test(tail)) return undefined;
    const [before, after] = [find(one.value), find(other.value)];
    if (!before || !after || before.text === after.text) return undefined;
    return { head: other.line.slice(0, start), tail, type: after.type };
  }

  function readSimilar(
    { head, tail, type }: Similarity<Type>,
    line: string,
  ): OnlyText<Type> | undefined {
    const end = line.length - tail.length;
    // `startsWith` and `endsWith` compare one character after another.
    if (
      head.length > end || line.slice(0, head.length) !== head ||
      line.slice(end) !== tail
    ) return undefined;
    const text = toText(line.slice(head.length, end));
    return isString(text) && text !== "" ? { type, text } : undefined;
  }

  function isPadding(text: string): boolean {
    return text.length % padding.length === 0 &&
      text === longPadding.slice(0, text.length);
  }

  /** Parses what stands between the quotes of a string. */
  function toText(inside: string): unknown {
    const special = inside.search(SPECIAL);
    const length = special === -1 ? inside.length : special;
    const isPlain = special === -1 || isPadding(inside.slice(special));
    return isPlain && length < LONG_SLICE
      ? inside.slice(0, length)
      : tryParseJson(`"${inside}"`);
  }

  return {
    read(line) {
      const found = known && readSimilar(known, line);
      if (found === undefined) known = undefined;
      else pause = 0;
      return found;
    },
    learn(line, value) {
      const before = last;
      known = last = undefined;
      if (rest > 0) {
        rest--;
        return;
      }
      if (line.length > MAX_LINE) return;
      const parsed = { line, value };
      known = before && compare(before, parsed);
      if (known !== undefined) return;
      if (before !== undefined) {
        // A server that changes more than the text mostly goes on so.
        rest = pause;
        pause = Math.min(2 * pause + 1, MAX_PAUSE);
      }
      if (rest === 0) last = parsed;
    },
  };
}
