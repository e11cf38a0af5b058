/**
 * Chunks that say nothing but a piece of text: most of an answer.
 *
 * @module
 */

import type { OnlyText } from "../streams/similar_lines.ts";
import {
  getOwn,
  isFilled,
  isList,
  isNullish,
  isObject,
} from "../streams/values.ts";

/** Where a delta has text. */
const TEXTS: Readonly<Record<string, "text" | "reasoning">> = {
  content: "text",
  reasoning_content: "reasoning",
  reasoning: "reasoning",
  reasoning_text: "reasoning",
  thinking: "reasoning",
};

/**
 * Strings that are other in each chunk and that nobody reads: what OpenAI and
 * Cloudflare pad chunks with. The first id counts, which then has come.
 */
export const UNREAD: readonly string[] = ["obfuscation", "p", "id"];

/** Whether a field of a delta has nothing to say. */
function isEmpty([name, value]: readonly [string, unknown]): boolean {
  return name === "role" || isNullish(value) || value === "" ||
    (isList(value) && value.length === 0);
}

/**
 * Finds the text of a chunk that says nothing else. What it tells beside, such as
 * usage or its id, may be in it as far as it makes no difference to tell it again;
 * with an error or a reason the answer ends.
 *
 * @param chunk The parsed JSON.
 */
export function findOnlyText(
  chunk: unknown,
): OnlyText<"text" | "reasoning"> | undefined {
  if (!isObject(chunk) || !isList(chunk.choices)) return undefined;
  const [choice, ...others] = chunk.choices;
  if (!isObject(choice) || !isObject(choice.delta)) return undefined;
  const isAnswer = choice.index === 0 || isNullish(choice.index);
  if (!isAnswer || others.length > 0) return undefined;
  if (chunk.warnings) return undefined;
  const [field, ...more] = Object.entries(choice.delta)
    .filter((entry) => !isEmpty(entry));
  if (field === undefined || more.length > 0) return undefined;
  const [name, text] = field;
  // Together writes each text in the older form, too.
  if (choice.text && name !== "content") return undefined;
  const type = getOwn(TEXTS, name);
  return type && isFilled(text) ? { type, text } : undefined;
}
