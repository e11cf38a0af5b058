/**
 * Takes a secret out of an excerpt, in whatever form it is told.
 *
 * @module
 */

import { encodeBase64 } from "../streams/base64.ts";

/**
 * How many of a long secret do: servers like to repeat a key in part, as in
 * `sk-abcdefgh***`.
 */
const SECRET_WINDOW = 8;

/** From which length on a secret is long. */
const LONG_SECRET = 20;

/** Letters that stand apart may be a shorter secret by chance. */
const MIN_SPACED = 8;

/** Letters of a text, and where each unit of them was, if not at its own index. */
interface Letters {
  readonly letters: string;
  readonly places: readonly number[];
}

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
    /\\u00|\\x|&#x|([\p{L}\p{N}])|./gsui,
    (_, letter = "", place: number) => {
      for (let unit = 0; unit < letter.length; unit++) {
        places.push(place + unit);
      }
      return letter;
    },
  );
  return { letters, places };
}

/**
 * Writes a secret as itself, as in a URL, as the numbers of its bytes, and as what
 * base64 makes of it, wherever it begins among three bytes: the characters that
 * it shares with its neighbours are left out.
 */
function toSecretForms(secret: string): string[] {
  const bytes = new TextEncoder().encode(secret);
  const encoded = [0, 1, 2].map((before) => {
    const length = before + bytes.length;
    const shifted = new Uint8Array(length);
    shifted.set(bytes, before);
    return encodeBase64(shifted)
      .slice(before && before + 1, Math.floor(length * 4 / 3));
  });
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0"));
  const url = encodeURIComponent(secret.toWellFormed());
  return [secret, url, hex.join(""), bytes.join(""), ...encoded]
    .map((form) => squeeze(form).letters)
    .filter(({ length }) => length >= MIN_SPACED);
}

/**
 * Takes out a secret that is spaced out, encoded, in letters of another case, or
 * long and told in part.
 *
 * @param text The text.
 * @param secret The secret.
 * @param replacement What takes its place.
 */
export function redactSecret(
  text: string,
  secret: string,
  replacement: string,
): string {
  const window = secret.length < LONG_SECRET ? Infinity : SECRET_WINDOW;

  /** Takes out each run of characters that some letters share with a form. */
  function redactRuns(
    text: string,
    { letters, places }: Letters,
    forms: readonly string[],
  ): string {
    let result = "";
    let rest = 0;
    for (let index = 0; index < letters.length;) {
      const length = Math.max(
        0,
        ...forms.map((form) => measureRun(letters, index, form, window)),
      );
      if (length > 0) {
        const last = index + length - 1;
        result += text.slice(rest, places[index] ?? index) + replacement;
        rest = (places[last] ?? last) + 1;
      }
      index += Math.max(1, length);
    }
    return result + text.slice(rest);
  }

  const cleaned = redactRuns(text, squeeze(text), toSecretForms(secret));
  // A part of it may have as many characters, but fewer letters.
  return redactRuns(cleaned, { letters: cleaned, places: [] }, [secret]);
}

/** How many characters from an index on are shared with a text. */
function measureRun(
  excerpt: string,
  index: number,
  text: string,
  window: number,
): number {
  if (text.length <= window) {
    return excerpt.startsWith(text, index) ? text.length : 0;
  }
  let end = index + window;
  if (end > excerpt.length || !text.includes(excerpt.slice(index, end))) {
    return 0;
  }
  while (
    end < excerpt.length && text.includes(excerpt.slice(index, end + 1))
  ) end++;
  return end - index;
}
