/**
 * The fields of a request.
 *
 * @module
 */

import { toPath } from "@parley/chat/provider";
import * as z from "zod/mini";
import { Refusal } from "./failures.ts";

const MODEL_NAME = "the name of a model";

/** What would begin a new line of a log, colour it, or turn it around. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/u;

/**
 * The name of a model. Each chunk of an answer and each entry of the log may
 * repeat it, so it is short, and every character of it can be printed.
 */
export const ModelName = z.string(MODEL_NAME).check(
  z.minLength(1, MODEL_NAME),
  z.maxLength(256, MODEL_NAME),
  z.refine((name) => !UNPRINTABLE.test(name), MODEL_NAME),
);

/**
 * Checks the fields of a body, or of a part of it.
 *
 * A list is to be checked item by item, with one call for each: a schema of a
 * list finds all that is wrong in it, which takes long where everything is.
 *
 * @param schema What they must be. The messages of its errors say what is
 * expected.
 * @param value The body, parsed, or the part.
 * @param at Where the part is in the body.
 * @returns The fields that are known.
 * @throws {Refusal} If one is wrong, with status 400. It names the field
 * and does not repeat what it holds.
 */
export function parseBody<T>(
  schema: z.ZodMiniType<T>,
  value: unknown,
  at: readonly PropertyKey[] = [],
): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const { path = [], message = "" } = result.error.issues[0] ?? {};
  const param = toPath([...at, ...path]);
  const [name = ""] = path;
  const isMissing = at.length === 0 && path.length === 1 &&
    Reflect.get(Object(value), name) === undefined;
  throw new Refusal(400, {
    message: isMissing
      ? `Field "${param}" is missing: expected ${message}`
      : `Field "${param}" is not valid: expected ${message}`,
    param,
    code: isMissing ? "missing_required_parameter" : "invalid_value",
  });
}

/**
 * Refuses a field that would change what the answer looks like: a client that
 * sets it does not understand an answer without it.
 *
 * @param param The field.
 * @param message What is not supported: a sentence without a period.
 */
export function refuseParameter(param: string, message: string): Refusal {
  return new Refusal(400, { message, param, code: "unsupported_parameter" });
}
