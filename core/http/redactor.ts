/**
 * Keeps secrets out of what is published.
 *
 * @module
 */

import { redactSecrets } from "./redact_secrets.ts";
import { redactShared } from "./redact_shared.ts";
import { toPromptTexts } from "../chat/prompt.ts";
import type { Message } from "../chat/types.ts";
import { isError, isString } from "../streams/values.ts";

/** The most characters of an upstream's words that an error repeats. */
const MAX_EXCERPT = 200;

/** How much of a text is searched for URLs; more would take too long. */
const MAX_SEARCHED = 4096;

/** How much of a long text is looked at; of a prompt its beginning is echoed. */
const MAX_TEXT = 65_536;

/** The fewest characters that can be told from plain text. */
const MIN_TOLD = 4;

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

/**
 * The secrets of one run, as they came: most runs have no text that is to be
 * cleaned of them.
 */
export interface Redactor {
  /** Keys, cookies and passwords. */
  readonly secrets: string[];
  /** Texts of the caller. */
  readonly prompts: string[];
  /** The caller's messages. */
  messages: readonly Message[];
}

/** Makes a redactor that knows no secret yet. */
export function createRedactor(): Redactor {
  return { secrets: [], prompts: [], messages: [] };
}

/**
 * Remembers a key, cookie or password.
 *
 * @param redactor Remembers it.
 * @param secret What must not be published; short words cannot be told from
 * plain text and are passed over.
 */
export function addSecret({ secrets }: Redactor, secret = ""): void {
  if (secret.length >= MIN_TOLD) secrets.push(secret);
}

/** The secrets and, of cookies, their values, on one line each. */
function toSecrets({ secrets }: Redactor): readonly string[] {
  return secrets.flatMap((secret) => [secret, ...secret.split("; ")])
    .flatMap((part) => [part, part.slice(part.indexOf("=") + 1)])
    .map(collapse)
    .filter((secret) => secret.length >= MIN_TOLD)
    // One may begin like another: the longest is taken out first.
    .sort((a, b) => b.length - a.length);
}

/** The prompts in the forms that an excerpt may have them in. */
function* toPromptForms(
  { prompts, messages }: Redactor,
  excerpt: string,
): Generator<string> {
  const isJson = excerpt.includes("\\");
  const isUri = excerpt.includes("%");
  for (const prompt of [...prompts, ...messages.flatMap(toPromptTexts)]) {
    if (prompt.trim().length < MIN_TOLD) continue;
    const text = prompt.slice(0, MAX_TEXT).toWellFormed();
    yield collapse(text);
    if (isJson) yield* toJsonForms(text);
    if (isUri) yield encodeURIComponent(text);
  }
}

/**
 * Makes an excerpt fit to be published: one line, no control characters, no
 * secrets, at most 200 characters.
 *
 * @param redactor Knows the secrets.
 * @param text Any text from outside.
 * @returns The excerpt; may be empty.
 */
export function cleanText(redactor: Redactor, text: string): string {
  const secrets = toSecrets(redactor);
  let excerpt = collapse(text.slice(0, MAX_TEXT));
  for (const secret of secrets) {
    excerpt = excerpt.replaceAll(secret, REDACTED);
  }
  const isCut = text.length > MAX_TEXT || excerpt.length > MAX_SEARCHED;
  excerpt = redactSecrets(excerpt.slice(0, MAX_SEARCHED), secrets, REDACTED)
    // The part of a secret before a border is not recognised.
    .slice(0, isCut ? -MAX_EXCERPT : undefined)
    .replace(/\b([a-z][a-z+.-]{0,15}:\/\/)[^\s/@]*@/gi, "$1")
    .replace(/\b([a-z][a-z+.-]{0,15}:\/\/[^\s?#"')]*)[?#][^\s"')]*/gi, "$1")
    .slice(0, 4 * MAX_EXCERPT);
  excerpt = redactShared(excerpt, toPromptForms(redactor, excerpt), REDACTED);
  const shown = excerpt.length > MAX_EXCERPT
    ? `${excerpt.slice(0, MAX_EXCERPT - 1)}…`
    : excerpt;
  return shown.toWellFormed();
}

/**
 * Copies an error of the platform without its stack and secrets.
 *
 * @param redactor Knows the secrets.
 * @param error What the platform threw.
 * @param depth How many causes are copied.
 * @returns A new error, with cleaned causes; other values give `undefined`.
 */
export function cleanCause(
  redactor: Redactor,
  error: unknown,
  depth = 3,
): Error | undefined {
  if (!isError(error) || depth === 0) return undefined;
  const cause = cleanCause(redactor, error.cause, depth - 1);
  const clean = (text: string) => cleanText(redactor, text);
  const copy = new Error(clean(error.message), cause && { cause });
  copy.name = clean(error.name);
  copy.stack = `${copy.name}: ${copy.message}`;
  // Such as ECONNREFUSED of Node.js.
  const { code } = error as { readonly code?: unknown };
  if (isString(code)) Object.assign(copy, { code: clean(code) });
  return copy;
}
