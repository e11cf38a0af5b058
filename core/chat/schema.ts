/**
 * Schemas of other libraries. Types only.
 *
 * @module
 */

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
  /** What the library tells of the schema. */
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
