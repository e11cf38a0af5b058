/**
 * Schemas as a run uses them: written as JSON Schema, and checked.
 *
 * @module
 */

import { invalidOption, toPath } from "../chat/options.ts";
import {
  type JsonSchema,
  type SchemaIssue,
  type SchemaResult,
  type StandardJsonSchema,
  unwrapSchema,
} from "../chat/schema.ts";
import type { ValueIssue } from "../chat/tools.ts";
import { isObject } from "../streams/values.ts";

/** A schema, written for an upstream. */
export interface RunSchema {
  /** The JSON Schema: of an object. */
  readonly json: JsonSchema;
  /**
   * Checks what the upstream made.
   *
   * @param value The parsed JSON.
   */
  check(
    value: unknown,
  ): SchemaResult<unknown> | Promise<SchemaResult<unknown>>;
}

/** How many issues are reported, and how much of each. */
const MAX_ISSUES = 20;
const MAX_WORDS = 200;

/**
 * Copies what is sent as JSON.
 *
 * @param value The caller's value.
 * @param name The option that it is.
 * @throws {ProviderError} If it is not plain JSON, with code `invalid-request`.
 */
export function toPlainJson(
  value: unknown,
  name: string,
): Readonly<Record<string, unknown>> {
  let copy: unknown;
  try {
    copy = JSON.parse(JSON.stringify(value));
  } catch {
    // A circle, or a value that JSON does not have.
  }
  if (isObject(copy)) return copy;
  throw invalidOption(name, "is not valid: expected plain JSON");
}

type Standard = StandardJsonSchema<unknown>["~standard"];

/** The schemas of some libraries are functions. */
function toStandard(schema: unknown): Partial<Standard> | undefined {
  const holds = (typeof schema === "object" && schema !== null) ||
    typeof schema === "function";
  return holds && "~standard" in schema && isObject(schema["~standard"])
    ? schema["~standard"]
    : undefined;
}

function writeSchema(
  { jsonSchema }: Partial<Standard>,
  name: string,
): JsonSchema {
  if (jsonSchema === undefined) {
    throw invalidOption(
      name,
      "cannot be written as JSON Schema: wrap it with jsonSchema()",
    );
  }
  for (const target of ["draft-2020-12", "draft-07"] as const) {
    try {
      return jsonSchema.input({ target });
    } catch {
      // The library does not write this draft, or not this schema.
    }
  }
  throw invalidOption(name, "cannot be written as JSON Schema");
}

/** Moves the root of a schema, and what points at it, below `value`. */
function toWrapped(json: JsonSchema): JsonSchema {
  const { $defs, definitions, ...root } = json;
  const moved = JSON.stringify(root).replace(
    /"\$ref":"#(?!\/\$defs\/|\/definitions\/)/g,
    '"$ref":"#/properties/value',
  );
  return {
    type: "object",
    properties: { value: JSON.parse(moved) },
    required: ["value"],
    additionalProperties: false,
    ...($defs !== undefined && { $defs }),
    ...(definitions !== undefined && { definitions }),
  };
}

/**
 * Reads a schema of a caller. One whose root is no object travels as the
 * property `value` of one.
 *
 * @param schema The schema.
 * @param name The option that it is.
 * @throws {ProviderError} If it is none, or cannot be written, with code
 * `invalid-request`.
 */
export function readSchema(schema: unknown, name: string): RunSchema {
  const wrapped = unwrapSchema(schema);
  const standard = toStandard(wrapped === undefined ? schema : wrapped.check);
  if (wrapped === undefined && standard === undefined) {
    throw invalidOption(
      name,
      "is not valid: expected a schema, such as Zod's, or jsonSchema({ … })",
    );
  }
  const written = wrapped?.json ?? writeSchema(standard ?? {}, name);
  const { $schema: _, "~standard": _standard, ...json } = toPlainJson(
    written,
    name,
  );
  const check: RunSchema["check"] = (value) =>
    standard?.validate?.(value) ?? { value };
  if (json.type === "object") return { json, check };
  return {
    json: toWrapped(json),
    check: (value) =>
      isObject(value) && "value" in value ? check(value.value) : {
        issues: [{ message: "Expected a value", path: ["value"] }],
      },
  };
}

/** Collects the words of a value that a message must not repeat. */
function collectWords(value: unknown, words: Set<string>): void {
  if (typeof value === "object" && value !== null) {
    for (const item of Object.values(value)) collectWords(item, words);
  } else {
    const word = String(value);
    if (word.length >= 3 && words.size < 1000) words.add(word);
  }
}

/**
 * Writes issues without the values that they are about.
 *
 * @param issues What a check gave.
 * @param value What was checked.
 */
export function toIssues(
  issues: readonly SchemaIssue[],
  value: unknown,
): readonly ValueIssue[] {
  const words = new Set<string>();
  collectWords(value, words);
  const sorted = [...words].sort((a, b) => b.length - a.length);
  const toMessage = (message: string) => {
    let text = message;
    for (const word of sorted) text = text.replaceAll(word, "…");
    return text.slice(0, MAX_WORDS).toWellFormed();
  };
  return issues.slice(0, MAX_ISSUES).map(({ path = [], message }) => ({
    path: toPath(path).slice(0, MAX_WORDS),
    message: toMessage(message),
  }));
}
