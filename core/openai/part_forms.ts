/**
 * The forms in which servers write text and pictures.
 *
 * @module
 */

import type { ImageSource } from "../chat/generated_image.ts";
import {
  isFilled,
  isList,
  isNumber,
  isObject,
  isString,
} from "../streams/values.ts";

/** A JSON object of an upstream. */
export type Json = Readonly<Record<string, unknown>>;

/** How deeply the forms of servers are nested at most, and more. */
const MAX_DEPTH = 16;

/**
 * Whether a value is text. Cloudflare writes a token that is a number as one.
 *
 * @param value What stands where text does.
 */
export function isTextual(value: unknown): value is string | number {
  return isString(value) || isNumber(value);
}

/**
 * Whether a value says anything, as 0 does.
 *
 * @param value What stands where text does.
 */
export function isSaid(value: unknown): boolean {
  return !!value || value === 0;
}

/**
 * Joins text in any of the forms that servers have for it: a string, an object
 * with one, or a list of such. What is encrypted is none.
 *
 * @param value What stands where text does.
 * @param depth How deeply it may be nested.
 */
export function toText(value: unknown, depth = MAX_DEPTH): string {
  if (isTextual(value)) return `${value}`;
  if (depth === 0) return "";
  if (isList(value)) {
    return value.map((item) => toText(item, depth - 1)).join("");
  }
  if (!isObject(value)) return "";
  const { text, thinking, content, summary, value: inner } = value;
  return toText(text ?? thinking ?? content ?? summary ?? inner, depth - 1);
}

/** Whether Gemini marks text as what it thought. */
function isThought({ extra_content }: Json): boolean {
  return isObject(extra_content) &&
    Object.values(extra_content).some((own) => isObject(own) && own.thought);
}

/**
 * Finds the text of an answer.
 *
 * @param part A delta, or a message.
 */
export function toContent(part: Json): unknown {
  const { content, text } = part;
  if (isThought(part)) return undefined;
  return isSaid(content) ? content : text;
}

/**
 * Finds what the model thought. Some servers say it in two fields.
 *
 * @param part A delta, or a message.
 */
export function toReasoning(part: Json): string {
  return toText(part.reasoning_content) || toText(part.reasoning) ||
    toText(part.reasoning_text) || // Copilot
    toText(part.thinking) || // Ollama
    toText(part.reasoning_details) || // OpenRouter
    (isThought(part) ? toText(part.content) : "");
}

/**
 * Finds where a picture is; servers write it in several ways.
 *
 * @param entry What stands where a picture does.
 * @param depth How deeply it may be nested.
 */
export function toImageSource(
  entry: unknown,
  depth = MAX_DEPTH,
): ImageSource | undefined {
  if (isFilled(entry)) {
    // Base64 has neither, so that a URL without a host is told to be one.
    const isUrl = /[:.]/.test(entry.slice(0, 100));
    return isUrl ? { url: entry } : { base64: entry };
  }
  if (!isObject(entry) || depth === 0) return undefined;
  const { image_url, url, b64_json } = entry;
  return toImageSource(image_url || url || b64_json, depth - 1);
}
