/**
 * Takes secrets out of an excerpt, in whatever form they are told.
 *
 * @module
 */

import { encodeBase64 } from "../streams/base64.ts";
import { BLOCK, findBlocks, replaceMarked, WINDOW } from "./redact_shared.ts";

/** From which length on a secret is long. */
const LONG_SECRET = 20;

/** Letters that stand apart may be a shorter secret by chance. */
const MIN_SPACED = 8;

/** Letters of a text, and where each unit of them was, if not at its own index. */
type Letters = readonly [letters: string, places: readonly number[]];

/**
 * What is left where all but letters and digits is left out, in lower case, and
 * where it was.
 */
function squeeze(text: string): Letters {
  const places: number[] = [];
  const lower = text.toLowerCase();
  // A few letters are longer in lower case.
  const letters = (lower.length === text.length ? lower : text).replace(
    // What stands before each number of a character in hexadecimal, or a letter;
    // here, as it takes half a millisecond to make.
    /\\u(?:00|\{)|u\+00|\\x|&#x|0x|([\p{L}\p{N}])|./gsui,
    (_, letter = "", place: number) => {
      for (let unit = 0; unit < letter.length; unit++) {
        places.push(place + unit);
      }
      return letter;
    },
  );
  return [letters, places];
}

/** Writes the bytes of a secret as numbers. */
function toNumbers(bytes: Uint8Array): string[] {
  const write = (base: number, length: number) =>
    Array.from(bytes, (byte) => byte.toString(base).padStart(length, "0"))
      .join("");
  return [write(16, 2), bytes.join(""), write(8, 3)];
}

/**
 * Writes a secret as itself, as in a URL, and as what base64 makes of its bytes,
 * wherever it begins among three: the characters that it shares with its
 * neighbours are left out.
 */
function toForms(secret: string, bytes: Uint8Array): string[] {
  const encoded = [0, 1, 2].map((before) => {
    const length = before + bytes.length;
    const shifted = new Uint8Array(length);
    shifted.set(bytes, before);
    return encodeBase64(shifted)
      .slice(before && before + 1, Math.floor(length * 4 / 3));
  });
  const url = encodeURIComponent(secret.toWellFormed());
  return [secret, url, ...encoded]
    .map((form) => squeeze(form)[0])
    .filter(({ length }) => length >= MIN_SPACED);
}

/**
 * Makes what marks where the letters of a text are those of a secret: of a long
 * one a block does, for servers like to repeat a key in part, as in
 * `sk-abcdefgh***`.
 */
function createMarker(
  [letters, places]: Letters,
  marks: Uint8Array,
  blockLength = BLOCK,
): (form: string, isLong: boolean) => void {
  const blocks = findBlocks(letters, blockLength);

  function mark(from: number, length: number): void {
    const last = from + length - 1;
    marks.fill(1, places[from] ?? from, (places[last] ?? last) + 1);
  }

  return (form, isLong) => {
    if (isLong) {
      for (let at = 0; at + blockLength <= form.length; at++) {
        const block = form.slice(at, at + blockLength);
        for (const place of blocks.get(block) ?? []) mark(place, blockLength);
        blocks.delete(block);
      }
    } else {
      let place = letters.indexOf(form);
      while (place !== -1) {
        mark(place, form.length);
        place = letters.indexOf(form, place + 1);
      }
    }
  };
}

/**
 * Takes out secrets that are spaced out, encoded, in letters of another case, or
 * long and told in part. It takes time in proportion to them: an upstream may
 * have set many cookies.
 *
 * @param text The text.
 * @param secrets The secrets, of four characters or more.
 * @param replacement What takes the place of one.
 */
export function redactSecrets(
  text: string,
  secrets: readonly string[],
  replacement: string,
): string {
  const marks = new Uint8Array(text.length);
  const letters = squeeze(text);
  const markLetters = createMarker(letters, marks);
  // Eight digits are three bytes, or any number.
  const markNumbers = createMarker(letters, marks, WINDOW);
  // A part of one may have as many characters, but fewer letters.
  const markText = createMarker([text, []], marks);
  for (const secret of secrets) {
    const isLong = secret.length >= LONG_SECRET;
    const bytes = new TextEncoder().encode(secret);
    for (const form of toForms(secret, bytes)) markLetters(form, isLong);
    for (const numbers of toNumbers(bytes)) markNumbers(numbers, isLong);
    markText(secret, isLong);
  }
  return replaceMarked(text, marks, replacement);
}
