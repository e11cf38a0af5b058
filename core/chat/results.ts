/**
 * What a run leaves behind. Types only.
 *
 * @module
 */

import type { Attempt } from "./attempt.ts";
import type { Conversation } from "./conversation.ts";
import type { GeneratedImage } from "./generated_image.ts";
import type { Opaque, ToolCall, ToolCallError } from "./tools.ts";
import type {
  FinishReason,
  ResponseFacts,
  Source,
  Usage,
  Warning,
} from "./events.ts";

/**
 * A whole answer.
 *
 * @typeParam T The type of the object that was asked for.
 */
export interface ChatResult<T = unknown> extends ResponseFacts {
  /** The id of the provider that answered. */
  readonly provider: string;
  /** The id of the model that answered. */
  readonly model: string;
  /** The answer. */
  readonly text: string;
  /** What the model thought before it answered; often empty. */
  readonly reasoning: string;
  /** The pictures of the answer, in order. */
  readonly images: readonly GeneratedImage[];
  /** The calls to be run, in order. */
  readonly toolCalls: readonly ToolCall[];
  /** The calls that must not be run, in order. */
  readonly toolCallErrors: readonly ToolCallError[];
  /** The object, where one was asked for. */
  readonly object: T;
  /** What the upstream wants back with the answer. */
  readonly opaque?: Opaque | undefined;
  /** The pages that the answer is based on, where the upstream names any. */
  readonly sources?: readonly Source[] | undefined;
  /** The title that the upstream gave the conversation. */
  readonly title?: string | undefined;
  /** The conversation to pass to the next run. */
  readonly conversation?: Conversation | undefined;
  /** Why the answer ended. */
  readonly finishReason: FinishReason;
  /** The tokens that it took, where the upstream counts them. */
  readonly usage?: Usage | undefined;
  /** What the caller should know. */
  readonly warnings: readonly Warning[];
  /** Every attempt, the last one being the one that answered. */
  readonly attempts: readonly Attempt[];
}
