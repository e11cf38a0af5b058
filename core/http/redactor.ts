/**
 * Keeps secrets out of what is published.
 *
 * @module
 */

import { encodeBase64 } from "../streams/base64.ts";
import { redactShared } from "./redact_shared.ts";
import { isError, isString } from "../streams/values.ts";

/** The most characters of an upstream's words that an error repeats. */
const MAX_EXCERPT = 200;

/** How much of a text is searched for URLs; more would take too long. */
const MAX_SEARCHED = 4096;

/**
 * How many of a long secret do: servers like to repeat a key in part, as in
 * `sk-abcdefgh***`.
 */
const SECRET_WINDOW = 8;

/** From which length on a secret is long. */
const LONG_SECRET = 20;

/** Letters that stand apart may be a shorter secret by chance. */
const MIN_SPACED = 8;

/** How much of a long text is looked at; of a prompt its beginning is echoed. */
const MAX_TEXT = 65_536;

const REDACTED = "[redacted]";

/** Writes text on one line, without colours and other control characters. */
function collapse(text: string): string {
  // Most prompts have nothing to replace: to see that is quicker.
  const line = /[^\S ]|\p{Cc}| {2}/u.test(text)
    ? text.replace(/\p{Cc}\[[\d;]*[A-Za-z]|[\s\p{Cc}]+/gu, " ")
    : text;
  return line.toWellFormed().trim();
}

/** Writes text as JSON does: as it is, and with ASCII alone. */
function toJsonForms(text: string): readonly string[] {
  const json = JSON.stringify(text).slice(1, -1);
  const ascii = json.replace(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return [json, ascii];
}

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

/** Takes out a secret that is spaced out, in base64, or long and told in part. */
function redactSecret(text: string, secret: string): string {
  const window = secret.length < LONG_SECRET ? Infinity : SECRET_WINDOW;
  // A part of it may have as many characters, but fewer letters.
  const excerpt = redactRuns(text, [secret], window);
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
      result += excerpt.slice(rest, places[index]) + REDACTED;
      rest = (places[index + length - 1] ?? 0) + 1;
    }
    index += Math.max(1, length);
  }
  return result + excerpt.slice(rest);
}

/**
 * Takes out each run of so many characters that an excerpt shares with one of
 * several texts. The longest counts: a run of another form would leave the
 * characters around it, too few to be told.
 */
function redactRuns(
  excerpt: string,
  texts: Iterable<string>,
  window: number,
): string {
  const known = [...texts];
  let result = "";
  let index = 0;
  while (index < excerpt.length) {
    const length = Math.max(
      ...known.map((text) => measureRun(excerpt, index, text, window)),
    );
    result += length === 0 ? excerpt[index] : REDACTED;
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

/** Knows the secrets of one run and takes them out of text. */
export interface Redactor {
  /**
   * Remembers a key, cookie or password.
   *
   * @param secret What must not be published; short words cannot be told from
   * plain text and are passed over.
   */
  addSecret(secret: string | undefined): void;
  /**
   * Remembers text of the caller.
   *
   * @param prompt The text of one message.
   */
  addPrompt(prompt: string): void;
  /**
   * Makes an excerpt fit to be published: one line, no control characters, no
   * secrets, at most 200 characters.
   *
   * @param text Any text from outside.
   * @returns The excerpt; may be empty.
   */
  clean(text: string): string;
  /**
   * Copies an error of the platform without its stack and secrets.
   *
   * @param error What the platform threw.
   * @param depth How many causes are copied.
   * @returns A new error, with cleaned causes; other values give `undefined`.
   */
  cleanCause(error: unknown, depth?: number): Error | undefined;
}

/** Makes a redactor that knows no secret yet. */
export function createRedactor(): Redactor {
  const secrets: string[] = [];
  const prompts = new Set<string>();

  /** The prompts in the forms that an excerpt may have them in. */
  function* toPromptForms(excerpt: string): Generator<string> {
    const isJson = excerpt.includes("\\");
    const isUri = excerpt.includes("%");
    for (const prompt of prompts) {
      const text = prompt.slice(0, MAX_TEXT).toWellFormed();
      yield collapse(text);
      if (isJson) yield* toJsonForms(text);
      if (isUri) yield encodeURIComponent(text);
    }
  }

  function clean(text: string): string {
    // Cut last: the part of a secret before a border would not be recognised.
    let excerpt = collapse(text.slice(0, MAX_TEXT));
    // There, too; spaced out it is longer.
    const border = text.length > MAX_TEXT ? 4 * (secrets[0]?.length ?? 0) : 0;
    excerpt = excerpt.slice(0, Math.max(0, excerpt.length - border));
    for (const secret of secrets) {
      excerpt = excerpt.replaceAll(secret, REDACTED);
    }
    excerpt = excerpt.slice(0, MAX_SEARCHED);
    for (const secret of secrets) excerpt = redactSecret(excerpt, secret);
    excerpt = excerpt
      .replace(/\b([a-z][a-z+.-]{0,15}:\/\/)[^\s/@]*@/gi, "$1")
      .replace(/\b([a-z][a-z+.-]{0,15}:\/\/[^\s?#"')]*)[?#][^\s"')]*/gi, "$1")
      .slice(0, 4 * MAX_EXCERPT);
    excerpt = redactShared(excerpt, toPromptForms(excerpt), REDACTED);
    return excerpt.length > MAX_EXCERPT
      ? `${excerpt.slice(0, MAX_EXCERPT - 1).toWellFormed()}…`
      : excerpt;
  }

  function cleanCause(error: unknown, depth = 3): Error | undefined {
    if (!isError(error) || depth === 0) return undefined;
    const cause = cleanCause(error.cause, depth - 1);
    const copy = new Error(clean(error.message), cause && { cause });
    copy.name = clean(error.name);
    copy.stack = `${copy.name}: ${copy.message}`;
    // Such as ECONNREFUSED of Node.js.
    const { code } = error as { readonly code?: unknown };
    if (isString(code)) Object.assign(copy, { code: clean(code) });
    return copy;
  }

  return {
    addSecret(secret = "") {
      const text = collapse(secret);
      if (text.length < 4 || secrets.includes(text)) return;
      secrets.push(text);
      // One may begin like another: the longest is taken out first.
      secrets.sort((a, b) => b.length - a.length);
    },
    addPrompt(prompt) {
      if (prompt.trim().length >= 4) prompts.add(prompt);
    },
    clean,
    cleanCause,
  };
}
