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

/** What is left where all but letters and digits is left out, and where it was. */
function squeeze(
  text: string,
): { readonly letters: string; readonly places: readonly number[] } {
  const places: number[] = [];
  const letters = text.replace(/./gsu, (character, place: number) => {
    if (!/[\p{L}\p{N}]/u.test(character)) return "";
    for (let unit = 0; unit < character.length; unit++) {
      places.push(place + unit);
    }
    return character;
  });
  return { letters, places };
}

/**
 * Writes a secret as itself and as what base64 makes of it, wherever it begins
 * among three bytes: the characters that it shares with its neighbours are left
 * out.
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
  return [secret, ...encoded].map((form) => squeeze(form).letters)
    .filter(({ length }) => length >= MIN_SPACED);
}

/**
 * Takes out a secret that is spaced out, in base64, or long and told in part.
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
  // A part of it may have as many characters, but fewer letters.
  const excerpt = redactRuns(text, secret, window, replacement);
  const forms = toSecretForms(secret);
  const { letters, places } = squeeze(excerpt);
  let result = "";
  let rest = 0;
  for (let index = 0; index < letters.length;) {
    const length = Math.max(
      0,
      ...forms.map((form) => measureRun(letters, index, form, window)),
    );
    if (length > 0) {
      result += excerpt.slice(rest, places[index]) + replacement;
      rest = (places[index + length - 1] ?? 0) + 1;
    }
    index += Math.max(1, length);
  }
  return result + excerpt.slice(rest);
}

/** Takes out each run of so many characters that an excerpt shares with a text. */
function redactRuns(
  excerpt: string,
  text: string,
  window: number,
  replacement: string,
): string {
  let result = "";
  let index = 0;
  while (index < excerpt.length) {
    const length = measureRun(excerpt, index, text, window);
    result += length === 0 ? excerpt[index] : replacement;
    index += Math.max(1, length);
  }
  return result;
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
