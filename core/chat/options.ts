/**
 * Checks what a caller sets.
 *
 * @module
 */

import { isNumber, isObject } from "../streams/values.ts";
import { ProviderError, toNameList } from "./errors.ts";
import { findMeantName, quoteName } from "./nearest_names.ts";
import type { SchemaIssue } from "./schema.ts";

/** What a schema found wrong, before it is put into words. */
export interface RawIssue {
  /** What kind of thing is wrong. */
  readonly code?: string | undefined;
  /** Of what type the value has to be. */
  readonly expected?: unknown;
  /** The names that are unknown. */
  readonly keys?: readonly string[] | undefined;
  /** The schema. */
  readonly inst?: unknown;
}

/** What a schema found wrong, in words. */
export interface Issue extends RawIssue {
  /** The names and places that lead to it. */
  readonly path: readonly PropertyKey[];
  /** What is expected. */
  readonly message: string;
}

/**
 * What options must be: a schema of zod, whose messages say what is expected,
 * such as `a whole number from 1`.
 */
export interface OptionsSchema {
  /**
   * Checks a value.
   *
   * @param value The value.
   * @param context Puts into words what the schema has no message for.
   */
  safeParse(
    value: unknown,
    context: { readonly error: (issue: RawIssue) => string | undefined },
  ): { readonly error?: { readonly issues: readonly Issue[] } | undefined };
}

/**
 * Makes the error for wrong input.
 *
 * @param reason What is wrong: a sentence without a period, and without the
 * wrong value, which may be a secret.
 */
export function invalidRequest(reason: string): ProviderError {
  return new ProviderError(reason, { code: "invalid-request" });
}

/**
 * Makes the error for a wrong option.
 *
 * @param name Its name.
 * @param reason What is wrong with it, as for {@linkcode invalidRequest}.
 */
export function invalidOption(name: string, reason: string): ProviderError {
  return invalidRequest(`Option "${name}" ${reason}`);
}

/**
 * Writes where something is, such as `messages[0].role`.
 *
 * @param path The names and places that lead to it.
 *
 * @example
 * ```ts
 * import { toPath } from "@parley/chat/provider";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(toPath(["messages", 0, "role"]), "messages[0].role");
 * ```
 */
export function toPath(path: NonNullable<SchemaIssue["path"]>): string {
  return path.map((step) => typeof step === "object" ? step.key : step)
    .map((key, index) =>
      isNumber(key) ? `[${key}]` : `${index > 0 ? "." : ""}${String(key)}`
    ).join("");
}

/** Finds the names that an object of zod knows. */
function findNames(schema: unknown): readonly string[] {
  const { def } = isObject(schema) && isObject(schema._zod) ? schema._zod : {};
  const shape = isObject(def) ? def.shape : undefined;
  return isObject(shape) ? Object.keys(shape) : [];
}

/**
 * Puts into words what every schema says in the same way.
 *
 * @param issue What is wrong.
 */
export function describeIssue(
  { code, expected, keys, inst }: RawIssue,
): string {
  const names = findNames(inst);
  const list = toNameList(names);
  if (code !== "unrecognized_keys") {
    if (expected !== "object") return "another value";
    return names.length === 0 ? "an object" : `an object of ${list}`;
  }
  const meant = findMeantName(keys?.[0] ?? "", names);
  return meant === undefined
    ? `is unknown: it is none of ${list}`
    : `is unknown: did you mean ${quoteName(meant)}?`;
}

/**
 * Checks options; one that is `undefined` counts as absent.
 *
 * @param schema What they must be.
 * @param options The options.
 * @param at Where they are, if they are an option themselves.
 * @throws {ProviderError} If one is wrong or unknown, with code
 * `invalid-request`. It says which, what it must be and what it is near to, and
 * never what it holds, which may be a secret.
 *
 * @example
 * ```ts
 * import { checkOptions } from "@parley/chat/provider";
 * import { assertThrows } from "@std/assert";
 * import * as z from "zod/mini";
 *
 * const Options = z.strictObject({ depth: z.optional(z.int("a depth")) });
 * checkOptions(Options, { depth: 2 });
 * assertThrows(
 *   () => checkOptions(Options, { dept: 2 }),
 *   Error,
 *   'Option "dept" is unknown: did you mean "depth"?',
 * );
 * ```
 */
export function checkOptions(
  schema: OptionsSchema,
  options: unknown,
  at: readonly PropertyKey[] = [],
): void {
  const { error } = schema.safeParse(options, { error: describeIssue });
  refuseIssues(error?.issues ?? [], at);
}

/**
 * Refuses options with which something is wrong.
 *
 * @param issues What is wrong; only the first is reported.
 * @param at Where they are, if they are an option themselves.
 * @throws {ProviderError} If there is any, as {@linkcode checkOptions} does.
 */
export function refuseIssues(
  [issue]: readonly Issue[],
  at: readonly PropertyKey[] = [],
): void {
  if (issue === undefined) return;
  const { message, keys: [name] = [] } = issue;
  const path = [...at, ...issue.path];
  if (name !== undefined) throw invalidOption(toPath([...path, name]), message);
  throw path.length === 0
    ? invalidRequest(`Options are not valid: expected ${message}`)
    : invalidOption(toPath(path), `is not valid: expected ${message}`);
}
