/**
 * Leaves out what is not there.
 *
 * @module
 */

/**
 * Leaves out the fields of an object that are `undefined`.
 *
 * @param values The object.
 * @returns A copy without them.
 */
export function withoutUndefined<T extends object>(
  values: T,
): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined),
  ) as { [Key in keyof T]?: Exclude<T[Key], undefined> };
}
