/**
 * Lines of JSON that differ in a few values only.
 *
 * @module
 */

import { measurePlain, tryParseJson } from "./json.ts";
import { type LineTemplate, matchLine, toTemplate } from "./line_template.ts";
import { isString, NOTHING } from "./values.ts";

/** What a line says, where it says nothing but one text. */
export interface OnlyText<Type extends string> {
  /** What the text is. */
  readonly type: Type;
  /** The text; never empty. */
  readonly text: string;
}

/** What is known of the lines of an answer, for {@linkcode SimilarLines}. */
export interface SimilarLinesOptions {
  /**
   * An escape that may follow the text in its string, again and again, and means
   * nothing: it may be left out.
   */
  readonly padding?: string;
  /** Names of strings that nobody reads, in no line and at no place. */
  readonly unread?: readonly string[];
}

interface ParsedLine {
  readonly line: string;
  readonly value: unknown;
}

interface Similarity<Type extends string> {
  readonly type: Type;
  readonly template: LineTemplate;
}

/** Longer lines are not compared: they would be kept in memory for it. */
const MAX_LINE = 4_096;

/** How many lines are parsed at most until lines are compared again. */
const MAX_PAUSE = 63;

/** How often a padding is looked for. */
const MAX_PADDING = 64;

/** From this length on a slice keeps the whole text in memory that it is of. */
const LONG_SLICE = 13;

type Find<Type extends string> = (value: unknown) => OnlyText<Type> | undefined;

/** Finds what two lines have in common, each of which says nothing but a text. */
function compare<Type extends string>(
  lines: readonly [ParsedLine, ParsedLine],
  find: Find<Type>,
  unread: readonly string[],
): Similarity<Type> | undefined {
  const [one, other] = lines;
  const [before, after] = [find(one.value), find(other.value)];
  if (!before || !after || before.text === after.text) return undefined;
  const template = toTemplate(
    { line: one.line, text: before.text },
    { line: other.line, text: after.text },
    unread,
  );
  return template && { type: after.type, template };
}

function isPadding(text: string, longPadding: string): boolean {
  return text.length % (longPadding.length / MAX_PADDING) === 0 &&
    text === longPadding.slice(0, text.length);
}

/** Parses what stands between the quotes of a string. */
function toText(inside: string, longPadding: string): unknown {
  const length = measurePlain(inside, LONG_SLICE);
  const isRead = length < LONG_SLICE &&
    (length === inside.length || isPadding(inside.slice(length), longPadding));
  return isRead ? inside.slice(0, length) : tryParseJson(`"${inside}"`);
}

/**
 * Reads the lines of one answer: mostly they are the same but for their texts,
 * and then only the text is parsed.
 *
 * It finds in every line what `find` does in its value. Two lines of JSON have
 * been parsed, with the same tokens but in some places: there both have strings
 * that are not empty, or digits that do not begin with 0. A third line with these
 * tokens, and other such strings and digits in these places, is JSON too, and its
 * value the same but for them. In the first two `find` found two texts, so it looks
 * at one of the places where these stand. If all these places have the same in the
 * third line, this is what it finds there: of the other strings it reads none, and
 * of a number no more than whether it is above 0.
 */
export class SimilarLines<Type extends string> {
  readonly #find: Find<Type>;
  readonly #unread: readonly string[];
  readonly #longPadding: string;
  #known: Similarity<Type> | undefined;
  #last: ParsedLine | undefined;
  /** The line that was read last, where it tells more than its text. */
  #unparsed: string | undefined;
  #pause = 0;
  /** How much of the pause is left. */
  #rest = 0;

  /**
   * Makes a reader.
   *
   * @param find Finds what a value says, where that is nothing but one text: a
   * string in it that is not empty. Of this string it may not look at anything
   * else.
   * @param options What else is known of such lines.
   */
  constructor(
    find: Find<Type>,
    { padding = "", unread = NOTHING }: SimilarLinesOptions = {},
  ) {
    this.#find = find;
    this.#unread = unread;
    this.#longPadding = padding.repeat(MAX_PADDING);
  }

  /**
   * Reads a line that is like the ones before it.
   *
   * @param line The line.
   * @returns What it says; `undefined` where the line has to be parsed.
   */
  read(line: string): OnlyText<Type> | undefined {
    const known = this.#known;
    const inside = known && matchLine(known.template, line);
    const text = inside && toText(inside, this.#longPadding);
    if (known === undefined || !isString(text) || text === "") {
      this.#known = undefined;
      return undefined;
    }
    this.#pause = 0;
    if (known.template.hasMore) this.#unparsed = line;
    return { type: known.type, text };
  }

  /**
   * Compares a line that had to be parsed with the one before it.
   *
   * @param line The line.
   * @param value Its value.
   */
  learn(line: string, value: unknown): void {
    const before = this.#last;
    this.#known = this.#last = undefined;
    if (this.#rest > 0) {
      this.#rest--;
      return;
    }
    if (line.length > MAX_LINE) return;
    const parsed = { line, value };
    this.#known = before && compare([before, parsed], this.#find, this.#unread);
    if (this.#known !== undefined) return;
    if (before !== undefined) {
      // A server that changes more than the text mostly goes on so.
      this.#rest = this.#pause;
      this.#pause = Math.min(2 * this.#pause + 1, MAX_PAUSE);
    }
    if (this.#rest === 0) this.#last = parsed;
  }

  /**
   * Parses the last line that was not, where such lines differ in more than their
   * texts: for what counts only as it was told last.
   *
   * @returns Its value; `undefined` where there is none, or it was taken already.
   */
  takeLast(): unknown {
    const value = this.#unparsed && tryParseJson(this.#unparsed);
    this.#unparsed = undefined;
    return value;
  }
}
