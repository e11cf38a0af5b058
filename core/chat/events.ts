/**
 * What a run says while it goes on. Types only.
 *
 * @module
 */

import type { Conversation } from "./conversation.ts";
import type { ErrorCode } from "./error_code.ts";
import type { GeneratedImage } from "./generated_image.ts";
import type { Attempt } from "./attempt.ts";
import type { Opaque, ToolCall, ToolCallError } from "./tools.ts";

/** Why an answer ended. */
export type FinishReason =
  | "stop"
  | "length"
  | "content-filter"
  | "tool-calls"
  | "interrupted"
  | "other";

/** How many tokens a run took, as the upstream counts them. */
export interface Usage {
  /** Tokens of the prompt. */
  readonly inputTokens?: number | undefined;
  /** Tokens of the answer. */
  readonly outputTokens?: number | undefined;
  /** All tokens. */
  readonly totalTokens?: number | undefined;
  /** Those tokens of the prompt that the upstream had kept from before. */
  readonly cachedTokens?: number | undefined;
  /** Those tokens of the answer that the model thought with. */
  readonly reasoningTokens?: number | undefined;
  /** What it cost, in the currency of the upstream. */
  readonly cost?: number | undefined;
}

/** A piece of the answer. */
export interface TextEvent {
  /** The kind of event. */
  readonly type: "text";
  /** The piece: never empty, never half a surrogate pair. */
  readonly text: string;
}

/** A piece of what the model thinks before it answers. */
export interface ReasoningEvent {
  /** The kind of event. */
  readonly type: "reasoning";
  /** The piece: never empty, never half a surrogate pair. */
  readonly text: string;
}

/**
 * A piece of a call, to be shown: the call itself comes when the answer is
 * whole, as a {@linkcode ToolCallEvent}.
 */
export interface ToolCallDeltaEvent {
  /** The kind of event. */
  readonly type: "tool-call-delta";
  /** Which call of the answer it belongs to, from 0. */
  readonly index: number;
  /** The id of the call, the same in each piece. */
  readonly id: string;
  /** The name of the tool. */
  readonly name: string;
  /** The next piece of the input; may be empty. */
  readonly text: string;
  /** What the upstream wants back with the call. */
  readonly opaque?: Opaque | undefined;
}

/** A call to be run. Comes only when the answer is whole. */
export interface ToolCallEvent extends ToolCall {
  /** The kind of event. */
  readonly type: "tool-call";
}

/** A call that must not be run. Comes only when the answer is whole. */
export interface ToolCallErrorEvent extends ToolCallError {
  /** The kind of event. */
  readonly type: "tool-call-error";
}

/** The object that was asked for, checked. Comes only when the answer is whole. */
export interface ObjectEvent {
  /** The kind of event. */
  readonly type: "object";
  /** The object. */
  readonly object: unknown;
}

/** The title that the upstream gave the conversation. */
export interface TitleEvent {
  /** The kind of event. */
  readonly type: "title";
  /** The title. */
  readonly title: string;
}

/** The conversation to pass to the next run. Comes only when a run ends well. */
export interface ConversationEvent {
  /** The kind of event. */
  readonly type: "conversation";
  /** Plain JSON. It carries session cookies: store it like a password. */
  readonly conversation: Conversation;
}

/** A picture of the answer. */
export interface ImageEvent {
  /** The kind of event. */
  readonly type: "image";
  /** The picture. */
  readonly image: GeneratedImage;
}

/** A page that the answer is based on. */
export interface Source {
  /** Where it is: an `http:` or `https:` URL. */
  readonly url: string;
  /** Its title. */
  readonly title?: string | undefined;
}

/** A page that the answer is based on, as the upstream names it. */
export interface SourceEvent {
  /** The kind of event. */
  readonly type: "source";
  /** The page. */
  readonly source: Source;
}

/** The tokens that the run took. */
export interface UsageEvent {
  /** The kind of event. */
  readonly type: "usage";
  /** The counts. */
  readonly usage: Usage;
}

/** Something that did not fail the run but that the caller should know. */
export interface WarningEvent {
  /** The kind of event. */
  readonly type: "warning";
  /** `unsupported-setting`, `malformed-chunk`, `ignored-part` … */
  readonly code: string;
  /** A sentence for people. */
  readonly message: string;
}

/**
 * Who answers from here on. Comes before the first content, where one provider
 * stands for several.
 */
export interface RouteEvent {
  /** The kind of event. */
  readonly type: "route";
  /** The id of the provider. */
  readonly provider: string;
  /** The id of the model. */
  readonly model: string;
}

/**
 * The answer begins anew: all text, reasoning and pieces of calls so far,
 * pictures and title are void. Comes only where one provider stands for several.
 */
export interface RestartEvent {
  /** The kind of event. */
  readonly type: "restart";
  /** How many characters of text (UTF-16 units) were handed on and are void. */
  readonly discard: number;
  /** Why the answer before could not go on. */
  readonly reason: ErrorCode;
  /** The id of the provider that answers from here on. */
  readonly provider: string;
  /** The id of its model. */
  readonly model: string;
}

/** How the upstream names what it sent, where it does. */
export interface ResponseFacts {
  /**
   * The model that answered, in the upstream's words: where `model` is an alias,
   * or a router, what stands behind it.
   */
  readonly responseModel?: string | undefined;
  /** The id of the answer. */
  readonly responseId?: string | undefined;
  /** The id of the request, by which the upstream's support can find it. */
  readonly requestId?: string | undefined;
}

/** The last event of every answer that is whole. */
export interface FinishEvent extends ResponseFacts {
  /** The kind of event. */
  readonly type: "finish";
  /** Why the answer ended. */
  readonly reason: FinishReason;
  /** The upstream's own word for it. */
  readonly rawReason?: string | undefined;
  /** The upstream's final text, only where it differs from what was streamed. */
  readonly text?: string | undefined;
  /** What the upstream wants back with the answer. */
  readonly opaque?: Opaque | undefined;
  /** The id of the provider that answered, where one stands for several. */
  readonly provider?: string | undefined;
  /** The id of the model that answered, where a provider stands for several. */
  readonly model?: string | undefined;
  /**
   * Whether one provider went on with what another began.
   * Only where one provider stands for several.
   */
  readonly continued?: boolean | undefined;
  /** Every attempt, where one provider stands for several. */
  readonly attempts?: readonly Attempt[] | undefined;
}

/** What a run says while it goes on; a union on `type`. */
export type ChatEvent =
  | TextEvent
  | ReasoningEvent
  | ToolCallDeltaEvent
  | ToolCallEvent
  | ToolCallErrorEvent
  | ObjectEvent
  | TitleEvent
  | ConversationEvent
  | ImageEvent
  | SourceEvent
  | UsageEvent
  | WarningEvent
  | RouteEvent
  | RestartEvent
  | FinishEvent;

/** A warning without its event type, as a {@linkcode ChatResult} lists it. */
export type Warning = Pick<WarningEvent, "code" | "message">;
