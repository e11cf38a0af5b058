/**
 * The forms in which servers write text and pictures.
 *
 * @module
 */

import type { ImageSource } from "../chat/generated_image.ts";
import { isFilled, isList, isObject, isString } from "../streams/values.ts";

/** A JSON object of an upstream. */
export type Json = Readonly<Record<string, unknown>>;

/** How deeply the forms of servers are nested at most, and more. */
const MAX_DEPTH = 16;

/**
 * Joins text in any of the forms that servers have for it: a string, an object
 * with one, or a list of such. What is encrypted is none.
 *
 * @param value What stands where text does.
 * @param depth How deeply it may be nested.
 */
export function toText(value: unknown, depth = MAX_DEPTH): string {
  if (isString(value)) return value;
  if (depth === 0) return "";
  if (isList(value)) {
    return value.map((item) => toText(item, depth - 1)).join("");
  }
  if (!isObject(value)) return "";
  const { text, thinking, content, summary, value: inner } = value;
  return toText(text ?? thinking ?? content ?? summary ?? inner, depth - 1);
}

/**
 * Finds what the model thought. Some servers say it in two fields.
 *
 * @param part A delta, or a message.
 */
export function toReasoning(part: Json): string {
  const { reasoning_content, reasoning, reasoning_details } = part;
  const other = part.reasoning_text || // Copilot
    part.thinking; // Ollama
  // Most chunks have none of them.
  if (!reasoning_content && !reasoning && !other && !reasoning_details) {
    return "";
  }
  return toText(reasoning_content) || toText(reasoning) || toText(other) ||
    toText(reasoning_details); // OpenRouter
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
