/**
 * Schemas that a server can hold a model to.
 *
 * @module
 */

import type { JsonSchema } from "../chat/schema.ts";
import { isList, isObject } from "../streams/values.ts";

/** What the strict form has no place for. */
const NEVER = [
  "additionalItems",
  "allOf",
  "dependentRequired",
  "dependentSchemas",
  "else",
  "if",
  "not",
  "oneOf",
  "patternProperties",
  "prefixItems",
  "propertyNames",
  "then",
  "unevaluatedItems",
  "unevaluatedProperties",
];

/** What holds further schemas, by their names or in a list. */
const INNER = ["properties", "$defs", "definitions", "anyOf"];

/** Stands for a schema that cannot be closed. */
class NotStrict extends Error {}

function closeAll(schemas: unknown): unknown {
  if (isList(schemas)) return schemas.map(close);
  if (!isObject(schemas)) throw new NotStrict();
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [name, close(schema)]),
  );
}

function closeObject(schema: JsonSchema): JsonSchema {
  const { properties = {}, required, additionalProperties = false } = schema;
  const isWhole = isObject(properties) && isList(required ?? []) &&
    Object.keys(properties).every((name) =>
      isList(required) && required.includes(name)
    );
  if (additionalProperties !== false || !isWhole) throw new NotStrict();
  return {
    ...schema,
    properties,
    required: required ?? [],
    additionalProperties,
  };
}

function close(schema: unknown): unknown {
  if (!isObject(schema) || NEVER.some((name) => name in schema)) {
    throw new NotStrict();
  }
  const isOfObjects = schema.type === "object" || "properties" in schema;
  const closed = { ...(isOfObjects ? closeObject(schema) : schema) };
  for (const name of INNER) {
    if (name in closed) {
      Object.assign(closed, { [name]: closeAll(closed[name]) });
    }
  }
  if ("items" in closed) Object.assign(closed, { items: close(closed.items) });
  return closed;
}

/**
 * Closes all objects of a schema, where every property is required. A property
 * that may be missing is never rewritten to one that may be null: that would
 * change what the model may say.
 *
 * @param schema The schema.
 * @returns The closed schema, or `undefined` where a server cannot hold a model
 * to it.
 */
export function toStrictSchema(schema: JsonSchema): JsonSchema | undefined {
  try {
    const closed = close(schema);
    return isObject(closed) && closed.type === "object" ? closed : undefined;
  } catch (error) {
    if (error instanceof NotStrict) return undefined;
    throw error;
  }
}
