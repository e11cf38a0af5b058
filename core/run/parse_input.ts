/**
 * JSON that a model wrote.
 *
 * @module
 */

import { isObject, isString } from "../streams/values.ts";

/** A key that would change the object instead of being one of its own. */
function refuseProto(key: string, value: unknown): unknown {
  if (key === "__proto__") throw new SyntaxError("Key is not allowed");
  return value;
}

/**
 * Parses JSON that a model wrote; what looks like JSON is never mended.
 *
 * @param text The JSON.
 * @throws If it is none, is nested too deeply, or has a key `__proto__`.
 */
function parseModelJson(text: string): unknown {
  return JSON.parse(text, refuseProto);
}

/**
 * Parses the input of a call. Models leave out an empty one, and some servers
 * encode it twice.
 *
 * @param rawInput The input as the model wrote it.
 * @throws If it is no JSON object.
 */
export function parseInput(
  rawInput: string,
): Readonly<Record<string, unknown>> {
  const raw = rawInput.trim();
  if (raw === "" || raw === "null") return {};
  let value = parseModelJson(raw);
  if (isString(value)) value = parseModelJson(value);
  if (isObject(value)) return value;
  throw new SyntaxError("Input is not an object");
}

/**
 * Parses the object that is an answer. Where it was asked for in words, a model
 * may say more than that: then the only balanced value counts, and a fence
 * around it is left out.
 *
 * @param text The answer.
 * @param isLoose Whether more than the object may be said.
 * @throws If there is none.
 */
export function parseObject(text: string, isLoose: boolean): unknown {
  try {
    return parseModelJson(text);
  } catch (error) {
    const [value, ...more] = findFenced(text, isLoose) ??
      (isLoose ? findBalanced(text) : []);
    if (value === undefined || more.length > 0) throw error;
    return parseModelJson(value);
  }
}

/**
 * Finds what stands in the only fence, with a name at most behind its mark; where
 * no more may be said, it is all that is said.
 */
function findFenced(
  text: string,
  isLoose: boolean,
): readonly string[] | undefined {
  const [before, fenced = "", after = "x", other] = text.split(/^```/m, 4);
  const end = fenced.indexOf("\n");
  return other === undefined && /^\w*$/.test(fenced.slice(0, end).trim()) &&
      /^[ \t\r]*(?:\n|$)/.test(after) &&
      (isLoose || `${before}${after}`.trim() === "")
    ? [fenced.slice(end)]
    : undefined;
}

/** Finds the objects and arrays that stand in a text. */
function findBalanced(text: string): readonly string[] {
  const values: string[] = [];
  let depth = 0;
  let start = 0;
  let inString = false;
  for (let index = 0; index < text.length; index++) {
    const character = text[index];
    if (inString) {
      if (character === "\\") index++;
      else if (character === '"') inString = false;
    } else if (character === '"') {
      // Outside of a value it is a quotation mark.
      inString = depth > 0;
    } else if (character === "{" || character === "[") {
      if (depth++ === 0) start = index;
    } else if ((character === "}" || character === "]") && depth > 0) {
      if (--depth === 0) values.push(text.slice(start, index + 1));
    }
  }
  return values;
}
