/**
 * Schemas: what a tool takes, and what an object must be.
 *
 * @module
 */

/** A JSON Schema. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** One thing that is wrong with a value. */
export interface SchemaIssue {
  /** What is wrong. */
  readonly message: string;
  /** Where, from the outermost key to the innermost. */
  readonly path?:
    | readonly (PropertyKey | { readonly key: PropertyKey })[]
    | undefined;
}

/** What a check gives: the value, or what is wrong with it. */
export type SchemaResult<T> =
  | { readonly value: T; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

/**
 * A schema of any library that follows
 * {@link https://standardschema.dev | Standard Schema}: Zod, Valibot, ArkType …
 */
export interface StandardSchema<Input = unknown, Output = Input> {
  /** What the library says of the schema. */
  readonly "~standard": {
    /** The version of the interface. */
    readonly version: 1;
    /** The name of the library. */
    readonly vendor: string;
    /** The types; there is no value here. */
    readonly types?:
      | { readonly input: Input; readonly output: Output }
      | undefined;
    /** Checks a value. */
    readonly validate: (
      value: unknown,
    ) => SchemaResult<Output> | Promise<SchemaResult<Output>>;
  };
}

/** A Standard Schema that can write itself as JSON Schema. */
export interface StandardJsonSchema<T> extends StandardSchema<unknown, T> {
  /** What the library says of the schema. */
  readonly "~standard": StandardSchema<unknown, T>["~standard"] & {
    /** Writes the schema. */
    readonly jsonSchema: {
      /** Writes what a value must be before it is checked. */
      readonly input: (
        options: { readonly target: "draft-2020-12" | "draft-07" },
      ) => Record<string, unknown>;
    };
  };
}

/** A JSON Schema with what checks it; made by {@linkcode jsonSchema} only. */
export interface WrappedSchema<T> {
  /** The schema, and the check where there is one. */
  readonly "~parley": {
    readonly json: JsonSchema;
    readonly check?: StandardSchema<unknown, T> | undefined;
  };
}

/**
 * What a tool takes or an object must be: a Standard Schema that can write
 * itself as JSON Schema, such as those of Zod, or one that {@linkcode jsonSchema}
 * wraps.
 */
export type Schema<T = unknown> = StandardJsonSchema<T> | WrappedSchema<T>;

/** The type of the values that a schema gives. */
export type InferSchema<S> = S extends WrappedSchema<infer T> ? T
  : S extends StandardSchema<unknown, infer T> ? T
  : unknown;

/**
 * Wraps a JSON Schema, alone or with the schema of a library that cannot write
 * itself, such as `zod/mini`. Without a check, values are not checked but for
 * being JSON.
 *
 * @typeParam T The type of its values.
 * @param json The JSON Schema.
 * @param check Checks the values.
 * @returns A schema for tools and objects.
 *
 * @example
 * ```ts
 * import { createOpenAiCompatible, jsonSchema } from "@parley/chat";
 * import { assertEquals } from "@std/assert";
 *
 * const message = { content: '{"city":"Ulm"}' };
 * const provider = createOpenAiCompatible({
 *   baseUrl: "http://127.0.0.1:11434/v1",
 *   fetch: () => Promise.resolve(Response.json({ choices: [{ message }] })),
 * });
 * const { object } = await provider.generate("Where is the highest steeple?", {
 *   model: "llama3.2",
 *   output: jsonSchema<{ city: string }>({
 *     type: "object",
 *     properties: { city: { type: "string" } },
 *     required: ["city"],
 *   }),
 * });
 * assertEquals(object.city, "Ulm");
 * ```
 */
export function jsonSchema<T = unknown>(
  json: object,
  check?: StandardSchema<unknown, T>,
): WrappedSchema<T> {
  return { "~parley": { json: { ...json }, check } };
}

/**
 * Unwraps what {@linkcode jsonSchema} made.
 *
 * @param schema Any value.
 * @returns The schema and its check, or `undefined` for any other value.
 */
export function unwrapSchema(
  schema: unknown,
): WrappedSchema<unknown>["~parley"] | undefined {
  return typeof schema === "object" && schema !== null && "~parley" in schema
    ? (schema as WrappedSchema<unknown>)["~parley"]
    : undefined;
}
