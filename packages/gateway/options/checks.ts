/**
 * What options must be.
 *
 * @module
 */

import * as z from "zod/mini";

/** A number of things. */
export const count = z.int("a whole number from 1").check(
  z.gte(1, "a whole number from 1"),
);

/**
 * Wants an object with methods.
 *
 * @param names The names of the methods.
 * @param wanted What it is called.
 */
export function having(
  names: readonly string[],
  wanted: string,
): z.ZodMiniType<object> {
  return z.custom<object>(
    (value) =>
      typeof value === "object" && value !== null &&
      names.every((name) => typeof Reflect.get(value, name) === "function"),
    wanted,
  );
}
