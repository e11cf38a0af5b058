/**
 * Options of a run with tools.
 *
 * @module
 */

import {
  anything,
  createCheck,
  integer,
  milliseconds,
} from "../core/chat/option_schemas.ts";
import type {
  ChatEvent,
  ChatOptions,
  ChatResult,
  Clock,
  FinishEvent,
  FinishReason,
  Message,
  ToolCall,
} from "../mod.ts";
import type { Output } from "../core/chat/tools.ts";
import { custom } from "../core/chat/zod.ts";
import { toRunSchemas } from "../core/run/input.ts";
import { SYSTEM_CLOCK } from "../core/streams/clock.ts";
import type { RunnableTool } from "./tool.ts";

/** How far a run with tools may go. */
export interface ToolRunLimits {
  /**
   * How many answers are asked for.
   *
   * @default {10}
   */
  readonly maxSteps?: number | undefined;
  /**
   * How many calls are run.
   *
   * @default {50}
   */
  readonly maxCalls?: number | undefined;
  /**
   * How many calls are run at once.
   *
   * @default {4}
   */
  readonly concurrency?: number | undefined;
  /**
   * How long a tool may take, in milliseconds; `null` for no end.
   *
   * @default {60_000}
   */
  readonly toolTimeout?: number | null | undefined;
  /**
   * How long the whole run may take, in milliseconds; `null` for no end.
   *
   * @default {600_000}
   */
  readonly totalTimeout?: number | null | undefined;
  /**
   * How often an answer that is not the object is asked for again.
   *
   * @default {1}
   */
  readonly maxRepairs?: number | undefined;
  /**
   * Where time comes from.
   *
   * @default {the clock of the machine}
   */
  readonly clock?: Clock | undefined;
}

/**
 * Options of a run with tools.
 *
 * @typeParam O The object that the run answers with.
 */
export interface RunToolsOptions<O extends Output | undefined = undefined>
  extends Omit<ChatOptions, "tools" | "output">, ToolRunLimits {
  /**
   * The tools.
   *
   * @default {[]}
   */
  readonly tools?: readonly RunnableTool[] | undefined;
  /**
   * What the object must be that the run answers with.
   *
   * @default {it answers with text}
   */
  readonly output?: O | undefined;
}

/** Another answer is asked for; text that comes is that of this answer. */
export interface StepEvent {
  /** The kind of event. */
  readonly type: "step";
  /** Which one, from 1. */
  readonly step: number;
  /** Why it is asked for. */
  readonly reason: "start" | "tools" | "repair";
}

/** What came of a call. */
export interface ToolResultEvent {
  /** The kind of event. */
  readonly type: "tool-result";
  /** The id of the call. */
  readonly callId: string;
  /** The name of the tool. */
  readonly name: string;
  /** What the model gets. */
  readonly content: string;
  /** Whether the call failed. */
  readonly isError: boolean;
  /** What the tool threw; the model does not get it. */
  readonly error?: unknown;
}

/** The last event of a run with tools; its text is that of the last answer. */
export interface ToolRunFinishEvent extends Omit<FinishEvent, "reason"> {
  /** Why the run ended. */
  readonly reason: FinishReason | "max-steps";
}

/** What a run with tools says while it goes on. */
export type ToolRunEvent =
  | Exclude<ChatEvent, FinishEvent>
  | StepEvent
  | ToolResultEvent
  | ToolRunFinishEvent;

/**
 * What a run with tools leaves behind: the last answer, and all before it.
 *
 * @typeParam T The type of the object.
 */
export interface ToolRunResult<T = unknown>
  extends Omit<ChatResult<T>, "finishReason"> {
  /** Why the run ended. */
  readonly finishReason: FinishReason | "max-steps";
  /** All answers, in order. */
  readonly steps: readonly ChatResult[];
  /** The whole chat: what the next run takes. */
  readonly messages: readonly Message[];
  /** Calls that were not run: of tools without `execute`, or at a limit. */
  readonly pending: readonly ToolCall[];
}

/** {@linkcode ToolRunLimits} with their defaults. */
export type ResolvedToolRunLimits = {
  readonly [Name in keyof ToolRunLimits]-?: Exclude<
    ToolRunLimits[Name],
    undefined
  >;
};

/** {@linkcode RunToolsOptions} by what they are for. */
export interface SplitRunToolsOptions {
  readonly limits: ResolvedToolRunLimits;
  readonly tools: readonly RunnableTool[];
  readonly signal: AbortSignal | undefined;
  /** What every answer is asked for with. */
  readonly options: ChatOptions;
}

const checkRunToolsOptions = /* @__PURE__ */ createCheck(() => ({
  ...toRunSchemas(),
  tools: custom(Array.isArray, "a list of tools"),
  maxSteps: integer(1),
  maxCalls: integer(0),
  concurrency: integer(1),
  toolTimeout: milliseconds(),
  totalTimeout: milliseconds(),
  maxRepairs: integer(0),
  clock: anything(),
}));

/**
 * Checks the options of a run with tools, sets the defaults of its limits, and
 * splits them from what each answer is asked for with.
 *
 * @param given What the caller sets.
 * @throws {ProviderError} If one is wrong or unknown, with code
 * `invalid-request`.
 */
export function splitRunToolsOptions(
  given: RunToolsOptions<Output | undefined>,
): SplitRunToolsOptions {
  checkRunToolsOptions(given);
  const {
    maxSteps = 10,
    maxCalls = 50,
    concurrency = 4,
    toolTimeout = 60_000,
    totalTimeout = 600_000,
    maxRepairs = 1,
    clock = SYSTEM_CLOCK,
    tools = [],
    signal,
    ...options
  } = given;
  return {
    limits: {
      maxSteps,
      maxCalls,
      concurrency,
      toolTimeout,
      totalTimeout,
      maxRepairs,
      clock,
    },
    tools,
    signal,
    options,
  };
}
