/**
 * What options, and the JSON of servers and stores, must be.
 *
 * Schemas are made where they are first used: making them all takes longer than
 * importing the library does. What is no object is a predicate: each kind of
 * schema would add to every bundle, that of lists more than a kilobyte.
 *
 * @module
 */

import * as z from "zod/mini";
import { isFilled, isNullish, isObject } from "../streams/values.ts";
import { checkOptions } from "./options.ts";

/** The longest time that `setTimeout` can wait. */
const MAX_TIMEOUT = 2 ** 31 - 1;

/** Schemas by the names of options. */
export type OptionSchemas = Readonly<Record<string, z.ZodMiniType>>;

/**
 * Makes a value when it is first asked for.
 *
 * @param make Makes it.
 */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/**
 * Wants options, each of which may be absent.
 *
 * @param schemas What they must be.
 */
export function toOptions(schemas: OptionSchemas): z.ZodMiniType {
  return z.strictObject(Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [name, z.optional(schema)]),
  ));
}

function isEmpty(options: unknown): boolean {
  return isObject(options) && Reflect.ownKeys(options).length === 0 &&
    Object.getPrototypeOf(options) === Object.prototype;
}

/**
 * Makes a check of options, each of which may be absent. Where none is set it
 * makes no schema.
 *
 * @param make Says what they must be.
 * @returns Throws as {@linkcode checkOptions} does.
 */
export function createCheck(
  make: () => OptionSchemas,
): (options: unknown) => void {
  const toSchema = once(() => toOptions(make()));
  return (options) => {
    if (!isEmpty(options)) checkOptions(toSchema(), options);
  };
}

/**
 * Gives the same schema to each option that has a default.
 *
 * @param defaults The defaults.
 * @param schema The schema.
 */
export function toSchemas(
  defaults: object,
  schema: z.ZodMiniType,
): OptionSchemas {
  return Object.fromEntries(
    Object.keys(defaults).map((name) => [name, schema]),
  );
}

/** Wants nothing of a value, which is checked where it is read. */
export function anything(): z.ZodMiniType {
  return z.custom();
}

/** Wants `true` or `false`. */
export function flag(): z.ZodMiniType {
  return z.custom((value) => typeof value === "boolean", "true or false");
}

/** Wants a function. */
export function callable(): z.ZodMiniType {
  return z.custom((value) => typeof value === "function", "a function");
}

/**
 * Wants text that is not empty.
 *
 * @param wanted What it is.
 */
export function filled(wanted: string): z.ZodMiniType<string> {
  return z.custom<string>(isFilled, wanted);
}

/**
 * Wants a value that may also be `null` or missing, as servers write what they
 * do not know.
 *
 * @param isRight Whether it is right where it is there.
 */
export function nullish<T>(
  isRight: (value: unknown) => value is T,
): z.ZodMiniOptional<z.ZodMiniType<T | null | undefined>> {
  return z.optional(
    z.custom<T | null | undefined>((value) =>
      isNullish(value) || isRight(value)
    ),
  );
}

/**
 * Wants a list.
 *
 * @param isRight Whether an entry is right.
 * @param wanted What the entries are.
 */
export function list<T>(
  isRight: (value: unknown) => value is T,
  wanted?: string,
): z.ZodMiniType<readonly T[]> {
  return z.custom<readonly T[]>(
    (value) => Array.isArray(value) && value.every((entry) => isRight(entry)),
    wanted,
  );
}

/**
 * Wants a number.
 *
 * @param from The least.
 * @param to The most.
 */
export function number(from: number, to: number): z.ZodMiniType {
  return z.custom(
    (value) => typeof value === "number" && value >= from && value <= to,
    `a number from ${from} to ${to}`,
  );
}

/**
 * Wants a whole number.
 *
 * @param from The least.
 */
export function integer(from: number): z.ZodMiniType {
  return z.custom(
    (value) => Number.isSafeInteger(value) && Number(value) >= from,
    `a whole number from ${from}`,
  );
}

/** Wants milliseconds, or `null` for no end. */
export function milliseconds(): z.ZodMiniType {
  return z.custom(
    (value) =>
      value === null ||
      (typeof value === "number" && value > 0 && value <= MAX_TIMEOUT),
    "milliseconds above 0, or null",
  );
}

/**
 * Wants an object with methods.
 *
 * @param names The names of the methods.
 * @param wanted What it is.
 */
export function having(
  names: readonly string[],
  wanted: string,
): z.ZodMiniType {
  return z.custom(
    (value) =>
      typeof value === "object" && value !== null &&
      names.every((name) => typeof Reflect.get(value, name) === "function"),
    wanted,
  );
}
