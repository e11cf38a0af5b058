/**
 * The kinds of schema that this library checks with, made of Zod's core. What
 * is no object is a predicate. Each further kind, and each method that a schema
 * has in Zod's other forms, would add to every bundle: a list alone more than a
 * kilobyte.
 *
 * @module
 */

import * as z from "zod/v4/core";
import { isList, isNullish } from "../streams/values.ts";
import { toWanted } from "./wanted.ts";

/** A schema of Zod, in any of its forms. */
export type ZodType<T = unknown> = z.$ZodType<T>;

/** Schemas by the names of fields. */
export type ZodShape = Readonly<Record<string, ZodType>>;

/**
 * Wants a value that is right.
 *
 * @param isRight Whether it is.
 * @param wanted What it must be, in words.
 */
export function custom<T>(
  isRight: (value: unknown) => boolean,
  wanted?: string,
): ZodType<T> {
  return new z.$ZodCustom({
    type: "custom",
    check: "custom",
    fn: isRight,
    abort: true,
    ...(wanted !== undefined && {
      error: ({ input }) => toWanted(wanted, input),
    }),
  }) as ZodType<T>;
}

/**
 * Wants a value that may be missing.
 *
 * @param schema What it must be where it is there.
 */
export function optional<T>(schema: ZodType<T>): z.$ZodOptional<ZodType<T>> {
  return new z.$ZodOptional({
    type: "optional",
    innerType: schema,
  }) as z.$ZodOptional<ZodType<T>>;
}

/**
 * Wants a value that may also be `null` or missing, as servers write what they
 * do not know.
 *
 * @param isRight Whether it is right where it is there.
 */
export function nullish<T>(
  isRight: (value: unknown) => value is T,
): z.$ZodOptional<ZodType<T | null>> {
  return optional(custom((value) => isNullish(value) || isRight(value)));
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
): ZodType<readonly T[]> {
  return custom(
    (value) => isList(value) && value.every((entry) => isRight(entry)),
    wanted,
  );
}

/**
 * Wants an object; other fields are left out.
 *
 * @param shape What its fields must be.
 */
export function object<Shape extends ZodShape>(
  shape: Shape,
): z.$ZodObject<Shape, z.$strip> {
  return new z.$ZodObject({ type: "object", shape }) as z.$ZodObject<
    Shape,
    z.$strip
  >;
}

/**
 * Wants an object that has no other fields.
 *
 * @param shape What its fields must be.
 */
export function strictObject(shape: ZodShape): ZodType {
  // No more than its type is read.
  const catchall = new z.$ZodType({ type: "never" });
  return new z.$ZodObject({ type: "object", shape, catchall });
}

/**
 * Reads a value.
 *
 * @param schema What it must be.
 * @param value The value.
 * @returns The value, or `undefined` where it is not right.
 */
export function parse<Schema extends ZodType>(
  schema: Schema,
  value: unknown,
): z.output<Schema> | undefined {
  return z.safeParse(schema, value).data;
}

/**
 * Finds what is wrong with a value.
 *
 * @param schema What it must be.
 * @param value The value.
 * @param error Puts into words what the schema has no message for.
 * @returns What is wrong; nothing where it is right.
 */
export function findIssues(
  schema: ZodType,
  value: unknown,
  error: (issue: z.$ZodRawIssue) => string | undefined,
): readonly z.$ZodIssue[] {
  return z.safeParse(schema, value, { error }).error?.issues ?? [];
}
