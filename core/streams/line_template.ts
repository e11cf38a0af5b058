/**
 * What lines of JSON have in common that differ in a few values only.
 *
 * @module
 */

import { findQuote, measurePlain, tryParseJson } from "./json.ts";

/** A line, and what is read in it. */
export interface ReadLine {
  /** The line, which is JSON. */
  readonly line: string;
  /** The text that is found in it. */
  readonly text: string;
}

/**
 * What stands where lines differ: the text, a string that nobody reads, or a whole
 * number above 0.
 */
type HoleKind = "text" | "unread" | "count";

/** A place where lines differ. */
interface Hole {
  readonly kind: HoleKind;
  /** What stands between the hole before and this one. */
  readonly before: string;
}

/** What such lines have in common. */
export interface LineTemplate {
  /** Where they differ, at least in one text. */
  readonly holes: readonly Hole[];
  /** What stands after the last hole. */
  readonly tail: string;
  /** Whether they differ in more than their texts. */
  readonly hasMore: boolean;
}

/** A string, or a name with its colon; digits; what stands between them. */
const TOKENS = /"(?:[^"\\]|\\.)*"(?:\s*:\s*)?|\d+|[^"\d]+/g;

/** A whole number above 0: whoever asks only for that need not read it. */
const COUNT = /^[1-9]\d*$/;

/** Whether a token is a string that is not empty and stands for itself. */
function isPlainString(token: string): boolean {
  return token.length > 2 && token.startsWith('"') && token.endsWith('"') &&
    measurePlain(token.slice(1, -1)) === token.length - 2;
}

/** Where a whole number above 0 ends; where it would begin, if there is none. */
function findCountEnd(line: string, start: number): number {
  let end = start;
  let code = line.charCodeAt(end);
  if (code === 0x30) return start;
  while (code >= 0x30 && code <= 0x39) code = line.charCodeAt(++end);
  return end;
}

/**
 * Compares two lines.
 *
 * @param one A line.
 * @param other Another one, with another text.
 * @param unread Names of strings that nobody reads, wherever they stand.
 * @returns What they have in common; `undefined` where they differ otherwise.
 */
export function toTemplate(
  one: ReadLine,
  other: ReadLine,
  unread: readonly string[],
): LineTemplate | undefined {
  const tokens = one.line.match(TOKENS) ?? [];
  const others = other.line.match(TOKENS) ?? [];
  if (tokens.length !== others.length) return undefined;

  function toKind(index: number): HoleKind | undefined {
    const pair = [tokens[index] ?? "", others[index] ?? ""] as const;
    if (pair.every((token) => COUNT.test(token))) return "count";
    const [text, otherText] = pair.map(tryParseJson);
    if (text === one.text && otherText === other.text) return "text";
    const [, name = ""] = /"(.*)"/.exec(tokens[index - 1] ?? "") ?? [];
    return unread.includes(name) && pair.every(isPlainString)
      ? "unread"
      : undefined;
  }

  const holes: Hole[] = [];
  let same = "";
  for (const [index, token] of tokens.entries()) {
    if (token === others[index]) {
      same += token;
      continue;
    }
    const kind = toKind(index);
    if (kind === undefined) return undefined;
    const quote = kind === "count" ? "" : '"';
    holes.push({ kind, before: same + quote });
    same = quote;
  }
  const hasMore = holes.some(({ kind }) => kind !== "text");
  return { holes, tail: same, hasMore };
}

/**
 * Reads the text of a line.
 *
 * @param template What the line should have in common with others.
 * @param line The line.
 * @returns What stands between the quotes of the text, which may be no JSON;
 * `undefined` where the line differs otherwise.
 */
export function matchLine(
  { holes, tail }: LineTemplate,
  line: string,
): string | undefined {
  let text: string | undefined;
  let place = 0;
  for (const { kind, before } of holes) {
    const start = place + before.length;
    // `startsWith` compares one character after another.
    if (line.slice(place, start) !== before) return undefined;
    const isCount = kind === "count";
    place = isCount ? findCountEnd(line, start) : findQuote(line, start);
    if (place <= start) return undefined;
    if (isCount) continue;
    const inside = line.slice(start, place);
    if (kind === "text") {
      // All of its places say the same, so it is not asked which of them counts.
      if (inside !== (text ??= inside)) return undefined;
    } else if (measurePlain(inside) < inside.length) return undefined;
  }
  return line.slice(place) === tail ? text : undefined;
}
