import { findMeantName } from "@parley/chat/provider";

/** Writes which name was meant, to be put at the end of a sentence. */
export function toSuggestion(name: string, names: readonly string[]): string {
  const meant = findMeantName(name, names);
  return meant === undefined ? "" : `: did you mean "${meant}"?`;
}
