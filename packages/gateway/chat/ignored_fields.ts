/**
 * Fields of a request that have no effect: a client is warned of each.
 *
 * @module
 */

import type { Warning } from "@parley/chat";

/** How many fields are named; each may be one that the client made up. */
const MAX_NAMES = 16;

/** The names that are repeated: others may hold what is nobody's business. */
const NAME = /^\w[\w-]{0,63}$/;

/** Fields that have no effect. */
export interface IgnoredFields {
  /**
   * Notes the fields of an object that nobody reads.
   *
   * @param value The object.
   * @param known The names of those that are read.
   * @param at Where the object is, such as `messages[].`; empty for the body.
   */
  note(value: object, known: Iterable<string>, at?: string): void;
  /** Says of each field that it is ignored. */
  toWarnings(): readonly Warning[];
}

/** Whether a value asks for something. */
function isSet(value: unknown): boolean {
  return typeof value === "object" && value !== null
    ? Object.keys(value).length > 0
    : value !== null && value !== undefined;
}

/**
 * Says of a field that it has no effect.
 *
 * @param name The field.
 */
export function toIgnoredWarning(name: string): Warning {
  return { code: "ignored-field", message: `Field "${name}" is ignored` };
}

/** Makes a list without fields. */
export function createIgnoredFields(): IgnoredFields {
  const names = new Set<string>();
  let hasMore = false;
  return {
    note(value, known, at = "") {
      const read = new Set(known);
      for (const [name, field] of Object.entries(value)) {
        if (read.has(name) || !isSet(field) || names.has(at + name)) continue;
        if (names.size < MAX_NAMES && NAME.test(name)) names.add(at + name);
        else hasMore = true;
      }
    },
    toWarnings: () => [
      ...[...names].map(toIgnoredWarning),
      ...hasMore
        ? [{ code: "ignored-field", message: "More fields are ignored" }]
        : [],
    ],
  };
}
