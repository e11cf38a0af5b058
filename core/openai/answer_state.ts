/**
 * What is known of an answer, as its chunks come.
 *
 * @module
 */

import type { RunContext } from "../chat/definition.ts";
import type { ChatEvent, FinishReason } from "../chat/events.ts";
import type { TagSplitter } from "../streams/tag_splitter.ts";
import type { Json } from "./part_forms.ts";
import type { RetoldText } from "./retold_text.ts";
import type { CallReader } from "./tool_calls.ts";
import { createSourceReader, type SourceReader } from "../run/sources.ts";

/** How the content of an answer is read. */
export interface PartOptions {
  /** What splits reasoning from text; without it no text is reasoning. */
  readonly tags?: TagSplitter | undefined;
  /**
   * Makes what reads calls of tools, once there are some; without it they are
   * content of no known type.
   */
  readonly createCalls?: ((run: RunContext) => CallReader) | undefined;
}

/** What is known of one answer, as its chunks come. */
export interface AnswerState extends PartOptions {
  /** The run. */
  readonly run: RunContext;
  /** Reads calls of tools, once there are some. */
  calls: CallReader | undefined;
  /** How many chunks had one choice with their own number; `NaN` once one had not. */
  counted: number;
  /** What is another choice, or the second chunk of a server that counts so. */
  held: Json | undefined;
  /** Finds what is new in the text, and in the reasoning. */
  readonly retold: Record<"text" | "reasoning", RetoldText | undefined>;
  /** Reads the pages that the answer is based on, once there are some. */
  sources?: SourceReader;
  /** Whether anything has come that is content. */
  hasContent: boolean;
  /** Whether content has come as deltas, and not as a whole message. */
  hasDelta: boolean;
  /** Whether anything has come that is content, or may be, and cannot be read. */
  hasUnread: boolean;
  /** Whether the model refused to answer. */
  isRefused: boolean;
  /** The tokens, as the upstream has told them. */
  usage: Json | undefined;
  /** How the upstream names the answer. */
  id: string | undefined;
  /** The model that answers, as the upstream names it. */
  model: string | undefined;
  /** Why the answer ended; `undefined` as long as there is no reason. */
  meaning: FinishReason | "failed" | undefined;
  /** The reason in the upstream's own word. */
  word: string | undefined;
}

/**
 * Makes the state of an answer of which nothing has come.
 *
 * @param run The run.
 * @param options How its content is read.
 */
export function createAnswerState(
  run: RunContext,
  { tags, createCalls }: PartOptions,
): AnswerState {
  return {
    run,
    tags,
    createCalls,
    calls: undefined,
    counted: 0,
    held: undefined,
    retold: { text: undefined, reasoning: undefined },
    hasContent: false,
    hasDelta: false,
    hasUnread: false,
    isRefused: false,
    usage: undefined,
    id: undefined,
    model: undefined,
    meaning: undefined,
    word: undefined,
  };
}

/**
 * Hands on the pages that an answer is based on.
 *
 * @param state What is known of the answer.
 * @param pages What names them.
 * @param answer Gets those that are new.
 */
export function addSources(
  state: AnswerState,
  pages: unknown,
  answer: ChatEvent[],
): void {
  const read = state.sources ??= createSourceReader();
  answer.push(...read(pages));
}
