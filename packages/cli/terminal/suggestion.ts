import { closestString } from "@std/text/closest-string";
import { levenshteinDistance } from "@std/text/levenshtein-distance";

/**
 * Finds the name that was meant.
 *
 * @param name What was written.
 * @param names The names that there are.
 */
export function findMeantName(
  name: string,
  names: readonly string[],
): string | undefined {
  if (names.length === 0) return undefined;
  const nearest = closestString(name, [...names]);
  const distance = levenshteinDistance(
    name.toLowerCase(),
    nearest.toLowerCase(),
  );
  return distance <= Math.max(1, name.length / 3) ? nearest : undefined;
}

/** Writes which name was meant, to be put at the end of a sentence. */
export function toSuggestion(name: string, names: readonly string[]): string {
  const meant = findMeantName(name, names);
  return meant === undefined ? "" : `: did you mean "${meant}"?`;
}
