/**
 * The fields of a request.
 *
 * @module
 */

import * as z from "zod/mini";
import { Refusal } from "./failures.ts";

const MODEL_NAME = "the name of a model";

/**
 * The name of a model. Each chunk of an answer and each entry of the log may
 * repeat it, so it is short.
 */
export const ModelName = z.string(MODEL_NAME).check(
  z.minLength(1, MODEL_NAME),
  z.maxLength(256, MODEL_NAME),
);

/** Writes a path as OpenAI does: `messages[0].role`. */
function toParam(path: readonly PropertyKey[]): string {
  return path.map((key, index) =>
    typeof key === "number"
      ? `[${key}]`
      : `${index > 0 ? "." : ""}${String(key)}`
  ).join("");
}

/**
 * Checks the fields of a body.
 *
 * @param schema What they must be. The messages of its errors say what is
 * expected.
 * @param body The body, parsed.
 * @returns The fields that are known.
 * @throws {Refusal} If one is wrong, with status 400. It names the field
 * and does not repeat what it holds.
 */
export function parseBody<T>(
  schema: z.ZodMiniType<T>,
  body: Readonly<Record<string, unknown>>,
): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const { path = [], message = "" } = result.error.issues[0] ?? {};
  const param = toParam(path);
  const isMissing = path.length === 1 && body[String(path[0])] === undefined;
  throw new Refusal(400, {
    message: isMissing
      ? `Field "${param}" is missing: expected ${message}`
      : `Field "${param}" is not valid: expected ${message}`,
    param,
    code: isMissing ? "missing_required_parameter" : "invalid_value",
  });
}
