/**
 * What options of many kinds must be.
 *
 * @module
 */

import { once } from "../streams/once.ts";
import {
  getOwn,
  isFilled,
  isNumber,
  isObject,
  isPromise,
} from "../streams/values.ts";
import { toWanted } from "./wanted.ts";
import { describeIssue, refuseIssues } from "./options.ts";
import {
  custom,
  findIssues,
  optional,
  parse,
  strictObject,
  type ZodShape,
  type ZodType,
} from "./zod.ts";

/** The longest time that `setTimeout` can wait. */
const MAX_TIMEOUT = 2 ** 31 - 1;

/**
 * Wants options, each of which may be absent.
 *
 * @param schemas What they must be.
 */
export function toOptions(schemas: ZodShape): ZodType {
  return strictObject(Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [name, optional(schema)]),
  ));
}

/**
 * Whether plain options are right, each of which may be absent. Few are set, and
 * a schema of all would look at each that could be.
 */
function areRight(toShape: () => ZodShape, options: unknown): boolean {
  return isObject(options) &&
    Object.getPrototypeOf(options) === Object.prototype &&
    Object.entries(options).every(([name, value]) => {
      const schema = getOwn(toShape(), name);
      return schema &&
        (value === undefined || parse(schema, value) !== undefined);
    });
}

/**
 * Checks options as {@linkcode checkOptions} does.
 *
 * @param schema What they must be.
 * @param options The options.
 * @param at Where they are, if they are an option themselves.
 */
export function checkFields(
  schema: ZodType,
  options: unknown,
  at?: readonly PropertyKey[],
): void {
  if (isPromise(options)) {
    refuseIssues([{ path: [], message: toWanted("an object", options) }], at);
  }
  refuseIssues(findIssues(schema, options, describeIssue), at);
}

/**
 * Makes a check of options, each of which may be absent. Where none is set it
 * makes no schema.
 *
 * @param make Says what they must be.
 * @returns Throws as {@linkcode checkOptions} does.
 */
export function createCheck(
  make: () => ZodShape,
): (options: unknown) => void {
  const toShape = once(make);
  const toSchema = once(() => toOptions(toShape()));
  return (options) => {
    if (!areRight(toShape, options)) checkFields(toSchema(), options);
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
  schema: ZodType,
): ZodShape {
  return Object.fromEntries(
    Object.keys(defaults).map((name) => [name, schema]),
  );
}

/** Wants nothing of a value, which is checked where it is read. */
export function anything(): ZodType {
  return custom(() => true);
}

/** Wants `true` or `false`. */
export function flag(): ZodType {
  return custom((value) => typeof value === "boolean", "true or false");
}

/** Wants a function. */
export function callable(): ZodType {
  return custom((value) => typeof value === "function", "a function");
}

/**
 * Wants text that is not empty.
 *
 * @param wanted What it is.
 */
export function filled(wanted: string): ZodType<string> {
  return custom(isFilled, wanted);
}

/**
 * Wants a number.
 *
 * @param from The least.
 * @param to The most.
 */
export function number(from: number, to: number): ZodType {
  return custom(
    (value) => isNumber(value) && value >= from && value <= to,
    `a number from ${from} to ${to}`,
  );
}

/**
 * Wants a whole number.
 *
 * @param from The least.
 */
export function integer(from: number): ZodType {
  return custom(
    (value) => Number.isSafeInteger(value) && Number(value) >= from,
    `a whole number from ${from}`,
  );
}

/** Wants milliseconds, or `null` for no end. */
export function milliseconds(): ZodType {
  return custom(
    (value) =>
      value === null ||
      (isNumber(value) && value > 0 && value <= MAX_TIMEOUT),
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
): ZodType {
  return custom(
    (value) =>
      typeof value === "object" && value !== null &&
      names.every((name) => typeof Reflect.get(value, name) === "function"),
    wanted,
  );
}
