/**
 * What a value of a caller's must be.
 *
 * @module
 */

import { isPromise } from "../streams/values.ts";

/**
 * Says what a value must be, and what is to be done with a promise of one.
 *
 * @param wanted What it must be.
 * @param given What the caller gave.
 */
export function toWanted(wanted: string, given: unknown): string {
  return isPromise(given) ? `${wanted}, and not a promise: "await" it` : wanted;
}
