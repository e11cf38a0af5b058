/**
 * What a model says that has tools. Types only.
 *
 * @module
 */

import type { Answer, AnswerContext } from "./answer.ts";

/** A call of a tool. */
export interface AnswerCall {
  /** The name of the tool. */
  readonly name: string;
  /** Its input: a value that is written as JSON, or the text that is sent. */
  readonly input: unknown;
}

/** What a model says beside, or in place of, a text. */
export interface ToolAnswer {
  /**
   * The text, which comes first.
   *
   * @default {none}
   */
  readonly text?: string | undefined;
  /**
   * The calls of tools.
   *
   * @default {none}
   */
  readonly toolCalls?: readonly AnswerCall[] | undefined;
  /**
   * What is said as JSON, after the text.
   *
   * @default {nothing}
   */
  readonly object?: unknown;
  /**
   * Why the model says nothing else.
   *
   * @default {it does not refuse}
   */
  readonly refusal?: string | undefined;
}

/**
 * How servers differ from OpenAI's where a model calls tools. The index of a
 * call is missing, or 0 for all; its id is missing, late, or the same for all;
 * its name is on each piece, or late; a call comes in one piece, its input
 * perhaps as an object, or the pieces of calls take turns; there is `""` for no
 * input; the reason is `"stop"`, or comes twice, or the last call is cut though
 * the reason is not `"length"`; the one call has the form before tools.
 */
export type ToolQuirk =
  | "no-index"
  | "index-0"
  | "no-id"
  | "late-id"
  | "one-id"
  | "name-each"
  | "late-name"
  | "whole"
  | "args-object"
  | "interleaved"
  | "no-args"
  | "stop-reason"
  | "double-finish"
  | "cut-as-tool-calls"
  | "function-call";

/** What an upstream lets a model with tools be. */
export interface ToolAnswerOptions {
  /**
   * Answers a prompt, the text of the last message.
   *
   * @default {echo}
   */
  readonly answer?:
    | ((prompt: string, context: AnswerContext) => Answer | ToolAnswer)
    | undefined;
  /**
   * How it differs from OpenAI's server where tools are called.
   *
   * @default {[]}
   */
  readonly quirks?: readonly ToolQuirk[] | undefined;
}
