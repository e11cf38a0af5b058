/**
 * Runs what a model calls.
 *
 * @module
 */

import { abortable } from "../core/streams/abortable.ts";
import type { Clock, ToolCall, ToolCallError } from "../mod.ts";
import { isToolError, type RunnableTool } from "./tool.ts";

/** The longest result that a model gets, in characters. */
const MAX_RESULT = 262_144;

const LATE = "The time of the tool is over";

/** What came of a call. */
export interface CallResult {
  readonly callId: string;
  readonly name: string;
  /** What the model gets. */
  readonly content: string;
  readonly isError: boolean;
  /** What the tool threw, which the model does not get. */
  readonly error?: unknown;
  /** Whether the result was cut at its length. */
  readonly isCut: boolean;
}

/** How a call is run. */
export interface CallOptions {
  readonly step: number;
  readonly clock: Clock;
  readonly toolTimeout: number | null;
  readonly signal: AbortSignal;
}

function toResult(
  { id, name }: { readonly id: string; readonly name: string },
  text: string,
  failure?: { readonly error?: unknown },
): CallResult {
  return {
    callId: id,
    name,
    content: text.slice(0, MAX_RESULT).toWellFormed(),
    isError: failure !== undefined,
    ...failure,
    isCut: text.length > MAX_RESULT,
  };
}

/** Writes what a tool gives. */
function toText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value) ?? "";
}

/**
 * Says to the model why its call was not run.
 *
 * @param call The call.
 * @param names The names of the tools.
 */
export function refuseCall(
  call: ToolCallError,
  names: readonly string[],
): CallResult {
  const known = names.map((name) => `"${name}"`).join(", ");
  const issues = call.issues.map(({ path, message }) =>
    path === "" ? message : `${path}: ${message}`
  );
  const reasons = {
    "unknown-tool": `There is no such tool; there is ${known}`,
    "invalid-json": "The input is not a JSON object",
    "invalid-input": `The input is not valid: ${issues.join("; ")}`,
  };
  return toResult(call, reasons[call.reason], {});
}

/**
 * Runs a call.
 *
 * @param tool The tool, which can be run.
 * @param call The call.
 * @param options How it is run.
 * @returns What came of it, whatever the tool does.
 * @throws The reason of the run's signal, if it aborts.
 */
export async function runCall(
  tool: RunnableTool,
  call: ToolCall,
  { step, clock, toolTimeout, signal }: CallOptions,
): Promise<CallResult> {
  const late = new AbortController();
  const { timeout = toolTimeout } = tool;
  const timer = timeout === null
    ? undefined
    : clock.setTimeout(() => late.abort(LATE), timeout);
  const both = AbortSignal.any([signal, late.signal]);
  try {
    const run = async () =>
      await tool.execute?.(call.input, {
        callId: call.id,
        step,
        signal: both,
      });
    return toResult(call, toText(await abortable(run(), both)));
  } catch (error) {
    signal.throwIfAborted();
    if (late.signal.aborted) {
      return toResult(call, "The tool took too long", { error });
    }
    return isToolError(error)
      ? toResult(call, error.message, { error })
      : toResult(call, "Tool failed", { error });
  } finally {
    if (timer !== undefined) clock.clearTimeout(timer);
  }
}
