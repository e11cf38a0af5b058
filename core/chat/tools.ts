/**
 * Tools that a model may call, and objects that it may answer with.
 *
 * @module
 */

import type { InferSchema, JsonSchema, Schema } from "./schema.ts";

/** A tool that a model may call. */
export interface Tool<S extends Schema = Schema> {
  /** Letters, digits, `_` and `-`, at most 64; unique in a run. */
  readonly name: string;
  /** What it does, for the model. */
  readonly description?: string | undefined;
  /** What it takes. */
  readonly inputSchema: S;
  /**
   * Whether the server holds the model to the schema.
   *
   * @default {true at api.openai.com where the schema allows it}
   */
  readonly strict?: boolean | undefined;
}

/** Whether tools are called, and which. */
export type ToolChoice =
  | "auto"
  | "none"
  | "required"
  | {
    /** The name of the one that must be called. */
    readonly tool: string;
  };

/** How an object is asked for. */
export type OutputMode = "schema" | "json" | "tool" | "prompt";

/** The object that a run answers with. */
export interface OutputOptions<S extends Schema = Schema> {
  /** What it must be; `"json"` takes any JSON object. */
  readonly schema: S | "json";
  /**
   * Its name, for the model.
   *
   * @default {"answer"}
   */
  readonly name?: string | undefined;
  /** What it is, for the model. */
  readonly description?: string | undefined;
  /**
   * Whether the server holds the model to the schema.
   *
   * @default {true where the schema allows it}
   */
  readonly strict?: boolean | undefined;
  /**
   * How it is asked for: by its schema, as any JSON with the schema in words, as
   * the input of a tool, or in words alone. There is no step down: what the
   * server refuses fails.
   *
   * @default {what the provider takes}
   */
  readonly mode?: OutputMode | undefined;
}

/** An object to answer with: its schema, alone or with more said of it. */
export type Output = Schema | OutputOptions;

/** The type of the object that a run answers with. */
export type InferOutput<O> = O extends { readonly schema: infer S }
  ? InferSchema<S>
  : O extends undefined ? undefined
  : InferSchema<O>;

/**
 * What an upstream wants back as it was, such as a signature over what the model
 * thought. Plain JSON.
 */
export type Opaque = Readonly<Record<string, unknown>>;

/** A call as the model wrote it. */
export interface RawToolCall {
  /** Its id. */
  readonly id: string;
  /** The name of the tool. */
  readonly name: string;
  /** The input as the model wrote it, which may be no JSON. */
  readonly rawInput: string;
  /** What the upstream wants back with it. */
  readonly opaque?: Opaque | undefined;
}

/** A call of a known tool, with an input that its schema takes. */
export interface ToolCall extends RawToolCall {
  /** The input, parsed and checked. */
  readonly input: unknown;
}

/** One thing that is wrong with an input or an object. */
export interface ValueIssue {
  /** Where, as in `cities[0].name`; empty for the whole. */
  readonly path: string;
  /** What is wrong, without the wrong value. */
  readonly message: string;
}

/** A call that must not be run. */
export interface ToolCallError extends RawToolCall {
  /** What is wrong with it. */
  readonly reason: "unknown-tool" | "invalid-json" | "invalid-input";
  /** What is wrong with its input. */
  readonly issues: readonly ValueIssue[];
}

/** How a provider takes tools. */
export type ToolSupport = "native" | "none";

/**
 * What a provider takes at best where an object is asked for: its schema, any
 * JSON, words in the prompt, or nothing.
 */
export type OutputSupport = "schema" | "json" | "prompt" | "none";

/** A tool as a provider sends it. */
export interface ToolSpec {
  /** Its name. */
  readonly name: string;
  /** What it does. */
  readonly description?: string | undefined;
  /** What it takes: an object. */
  readonly inputSchema: JsonSchema;
  /** Whether the server is to hold the model to the schema, where that is said. */
  readonly strict?: boolean | undefined;
}

/** An object to answer with, as a provider asks for it. */
export interface OutputSpec {
  /** Whether it is asked for by its schema, or as any JSON. */
  readonly mode: "schema" | "json";
  /** Its name. */
  readonly name: string;
  /** What it is. */
  readonly description?: string | undefined;
  /** What it must be: an object. */
  readonly schema: JsonSchema;
  /** Whether the server is to hold the model to the schema, where that is said. */
  readonly strict?: boolean | undefined;
}
