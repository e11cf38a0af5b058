/**
 * What somebody may have meant by a name that nobody has.
 *
 * @module
 */

import { getOwn } from "../streams/values.ts";

/** How many names are given. */
const MAX_NAMES = 10;

/** How much of a name is compared: more would take long. */
const MAX_LENGTH = 100;

/** Writes a name without what people get wrong: case, dashes, underscores. */
function simplify(name: string): string {
  return name.slice(0, MAX_LENGTH).toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}

/** Counts the letters to add, to leave out, to change or to swap. */
function countEdits(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const isSame = from[row - 1] === to[column - 1];
      const isSwapped = row > 1 && column > 1 &&
        from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      current[column] = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (isSame ? 0 : 1),
        isSwapped ? (beforeLast[column - 2] ?? 0) + 1 : Infinity,
      );
    }
    beforeLast = last;
    last = current;
  }
  return last[to.length] ?? 0;
}

/** How far a name is from another; a part of it is nearer than any other. */
function toDistance(name: string, other: string): number {
  const from = simplify(name);
  const to = simplify(other);
  const isPart = from !== "" && to !== "" &&
    (to.includes(from) || from.includes(to));
  return isPart
    ? Math.abs(from.length - to.length) / MAX_LENGTH
    : countEdits(from, to);
}

/**
 * Sorts the names that there are by how near they are to one that there is not.
 *
 * @param name The name that nobody has.
 * @param names The names that there are; each counts once.
 * @returns The nearest first, at most ten.
 */
export function findNearestNames(
  name: string,
  names: Iterable<string>,
): readonly string[] {
  return [...new Set(names)]
    .map((other) => ({ other, distance: toDistance(name, other) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, MAX_NAMES)
    .map(({ other }) => other);
}

/** What others call an option, without case and underscores, and what we do. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  abortsignal: "signal",
  key: "apiKey",
  maxcompletiontokens: "maxTokens",
  maxoutputtokens: "maxTokens",
  responseformat: "output",
  retries: "maxRetries",
  stopsequences: "stop",
  url: "baseUrl",
};

/**
 * Finds the one name that was meant, where others call it so, or where a slip of
 * the pen leads from it to the name that nobody has.
 *
 * @param name The name that nobody has.
 * @param names The names that there are.
 * @returns The name, if one is near enough.
 *
 * @example
 * ```ts
 * import { findMeantName } from "@parley/chat/provider";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(findMeantName("max_tokens", ["model", "maxTokens"]), "maxTokens");
 * assertEquals(findMeantName("colour", ["model", "maxTokens"]), undefined);
 * ```
 */
export function findMeantName(
  name: string,
  names: Iterable<string>,
): string | undefined {
  const wrong = simplify(name);
  let meant: string | undefined;
  let fewest = Math.max(1, name.length / 4);
  for (const other of names) {
    if (other === getOwn(OTHER_NAMES, wrong)) return other;
    const edits = countEdits(wrong, simplify(other));
    if (edits > fewest || (edits === fewest && meant !== undefined)) continue;
    meant = other;
    fewest = edits;
  }
  return meant;
}

/** How keys are written: one that stands where a name should is not repeated. */
const KEY = /^(?:Bearer )?(?:sk|pk|rk|gsk|xai|hf|ghp|key|AIza)[-_\w]{16,}$/;

/**
 * Writes a name of the caller's for a message.
 *
 * @param name The name; of a long one the beginning is written, and nothing of
 * what looks like a key.
 */
export function quoteName(name: string): string {
  if (KEY.test(name)) return '"[redacted]"';
  return `"${
    name.slice(0, MAX_LENGTH).replace(/[\p{Cc}"]/gu, " ").toWellFormed()
  }"`;
}

/**
 * Writes the nearest names, for the message that a name is unknown.
 *
 * @param name The name that nobody has.
 * @param names The names that there are.
 */
export function toNearestNames(name: string, names: Iterable<string>): string {
  return findNearestNames(name, names).map(quoteName).join(", ");
}
