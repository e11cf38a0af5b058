/**
 * Tools that can be run.
 *
 * @module
 */

import type { InferSchema, Schema, Tool } from "../mod.ts";
import { isError } from "../core/streams/values.ts";

/** What a tool knows of its call. */
export interface ToolContext {
  /** The id of the call: who must not do a thing twice keeps it. */
  readonly callId: string;
  /** The step that it is run in, from 1. */
  readonly step: number;
  /** Aborts when the run ends early, or the time of the tool is over. */
  readonly signal: AbortSignal;
}

/** A tool with what it does. */
export interface RunnableTool<S extends Schema = Schema> extends Tool<S> {
  /**
   * Does what the tool does. Without it, a run ends at its calls.
   *
   * @param input What the model says, as the schema gives it.
   * @param context What is known of the call.
   * @returns The result: text, or what is written as JSON.
   */
  execute?(input: InferSchema<S>, context: ToolContext): unknown;
  /**
   * How long it may take, in milliseconds; `null` for no end.
   *
   * @default {the `toolTimeout` of the run}
   */
  readonly timeout?: number | null | undefined;
}

/** Marks the errors of every copy of the library. */
const BRAND = /* @__PURE__ */ Symbol.for("@parley/chat/ToolError");

/**
 * An error whose message the model gets. Of any other error that a tool throws
 * the model gets only that the tool failed.
 *
 * @example
 * ```ts
 * import { ToolError } from "@parley/chat/tools";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(new ToolError("There is no such city").name, "ToolError");
 * ```
 */
export class ToolError extends Error {
  /** The name of the class. */
  override readonly name: string = "ToolError";

  /**
   * Makes an error.
   *
   * @param message What the model gets.
   * @param options The error below, which it does not get.
   */
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    Object.defineProperty(this, BRAND, { value: true });
  }
}

/**
 * Whether an error may be shown to the model.
 *
 * @param error What a tool threw.
 */
export function isToolError(error: unknown): error is ToolError {
  return isError(error) && BRAND in error;
}

/**
 * Makes a tool, so that its `execute` takes what its schema gives.
 *
 * @param tool The tool.
 * @returns The same tool.
 *
 * @example
 * ```ts
 * import { tool } from "@parley/chat/tools";
 * import { assertEquals } from "@std/assert";
 * import * as z from "zod";
 *
 * const double = tool({
 *   name: "double",
 *   inputSchema: z.object({ value: z.number() }),
 *   execute: ({ value }) => 2 * value,
 * });
 * assertEquals(double.name, "double");
 * ```
 */
export function tool<const S extends Schema>(
  tool: RunnableTool<S>,
): RunnableTool<S> {
  return tool;
}
