/**
 * The shapes that callers and providers share.
 *
 * @module
 */

import type { Conversation } from "./conversation.ts";
import type { Opaque, Output, Tool, ToolCall, ToolChoice } from "./tools.ts";

/** Who wrote a {@linkcode Message}. */
export type Role = "system" | "user" | "assistant" | "tool";

/** A piece of text inside a {@linkcode Message}. */
export interface TextPart {
  /** The kind of part. */
  readonly type: "text";
  /** The text. */
  readonly text: string;
}

/** A picture inside a {@linkcode Message}. */
export interface ImagePart {
  /** The kind of part. */
  readonly type: "image";
  /** The bytes, an `http(s):` or `data:` URL, or base64 text. */
  readonly image: Uint8Array | URL | string;
  /**
   * The media type of bytes or base64 text.
   *
   * @default {the type that the bytes themselves have}
   */
  readonly mediaType?: string | undefined;
}

/** One part of the content of a {@linkcode Message}. */
export type ContentPart = TextPart | ImagePart;

/** What a user asks, or what a model is instructed with. */
export interface UserMessage {
  /** Who wrote it. */
  readonly role: "system" | "user";
  /** Its text, or its parts in order. */
  readonly content: string | readonly ContentPart[];
}

/** What a model answered; `toMessage` makes it of a result. */
export interface AssistantMessage {
  /** Who wrote it. */
  readonly role: "assistant";
  /** Its text, or its parts in order; may be empty beside calls. */
  readonly content: string | readonly ContentPart[];
  /** The tools that it called; the results of all of them must follow. */
  readonly toolCalls?: readonly ToolCall[] | undefined;
  /** What it thought; goes back to its maker only, beside calls. */
  readonly reasoning?: string | undefined;
  /** The id of the provider that answered. */
  readonly provider?: string | undefined;
  /** The id of the model that answered. */
  readonly model?: string | undefined;
  /** What its maker wants back. */
  readonly opaque?: Opaque | undefined;
}

/** The result of a call. */
export interface ToolMessage {
  /** Who wrote it. */
  readonly role: "tool";
  /** The id of the call. */
  readonly callId: string;
  /** Its text, or its parts in order; may be empty. */
  readonly content: string | readonly ContentPart[];
  /**
   * Whether the tool failed.
   *
   * @default {false}
   */
  readonly isError?: boolean | undefined;
}

/** One message of a chat. */
export type Message = UserMessage | AssistantMessage | ToolMessage;

/** What a caller asks: one user message as a string, or a whole chat. */
export type ChatInput = string | readonly Message[];

/** The four clocks of a run, in milliseconds; `null` turns one off. */
export interface Timeouts {
  /**
   * From sending a request to its response headers.
   *
   * @default {180_000}
   */
  readonly headers?: number | null | undefined;
  /**
   * From the start of an attempt to the first content of the answer.
   *
   * @default {180_000}
   */
  readonly firstToken?: number | null | undefined;
  /**
   * Between two pieces of content. Keep-alives, comments and padding do not
   * count as content, and time that the caller takes does not count as idle.
   *
   * @default {60_000}
   */
  readonly idle?: number | null | undefined;
  /**
   * The whole run: every attempt and the waits between them.
   *
   * @default {600_000; 300_000 at AmigoChat}
   */
  readonly total?: number | null | undefined;
}

/** What can be set for pictures that a model makes. */
export interface ImageOptions {
  /** How many. */
  readonly count?: number | undefined;
  /** Their size, in the words of the server, such as `"1024x1024"`. */
  readonly size?: string | undefined;
  /** How good they are, in the words of the server, such as `"high"`. */
  readonly quality?: string | undefined;
}

/** What can be set for one run. */
export interface ChatOptions {
  /**
   * A model id or alias.
   *
   * @default {the provider's `defaultModel`}
   */
  readonly model?: string | undefined;
  /** The conversation to go on with, as an earlier run gave it. */
  readonly conversation?: Conversation | undefined;
  /** Ends the run: it then rejects with `signal.reason`. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Whether the upstream is asked to stream. `false` asks for one JSON answer,
   * which arrives as one text event.
   *
   * @default {true}
   */
  readonly stream?: boolean | undefined;
  /** Sampling temperature, from 0 to 2. */
  readonly temperature?: number | undefined;
  /** Nucleus sampling: the probability mass that is kept, from 0 to 1. */
  readonly topP?: number | undefined;
  /** The most tokens that the answer may have. */
  readonly maxTokens?: number | undefined;
  /** Penalty for tokens by how often they occurred, from -2 to 2. */
  readonly frequencyPenalty?: number | undefined;
  /** Penalty for tokens that occurred at all, from -2 to 2. */
  readonly presencePenalty?: number | undefined;
  /** Words at which the answer ends, before them: one, or 1 to 16. */
  readonly stop?: string | readonly string[] | undefined;
  /**
   * Whether the answer is cut here at a word of `stop` that the server lets
   * through.
   *
   * @default {false}
   */
  readonly enforceStop?: boolean | undefined;
  /** Makes sampling repeatable, as far as the server can. */
  readonly seed?: number | undefined;
  /** How long the model thinks, in the words of the server, such as `"low"`. */
  readonly reasoningEffort?: string | undefined;
  /** The tools that the model may call, at most 128. */
  readonly tools?: readonly Tool[] | undefined;
  /**
   * Whether tools are called, and which.
   *
   * @default {"auto"}
   */
  readonly toolChoice?: ToolChoice | undefined;
  /**
   * Whether an answer may call several tools.
   *
   * @default {what the server does}
   */
  readonly parallelToolCalls?: boolean | undefined;
  /** The object that the model answers with. */
  readonly output?: Output | undefined;
  /** Pictures that the model makes. */
  readonly image?: ImageOptions | undefined;
  /**
   * More fields of the request's body, in the words of the server. None may be
   * one that the provider writes.
   */
  readonly extraBody?: Readonly<Record<string, unknown>> | undefined;
  /** Headers for the provider's own requests of this run. */
  // The types of Node.js have no `HeadersInit`.
  readonly headers?: RequestInit["headers"] | undefined;
  /** Clocks of this run, over those of the provider. */
  readonly timeouts?: Timeouts | undefined;
  /**
   * How many further attempts a failed one may have before its first content.
   *
   * @default {that of the provider}
   */
  readonly maxRetries?: number | undefined;
  /**
   * The longest wait that an upstream may ask for with `Retry-After`, in
   * milliseconds; where it asks for more, the run fails at once.
   *
   * @default {that of the provider}
   */
  readonly maxRetryDelay?: number | undefined;
}

/** A setting of {@linkcode ChatOptions} that a protocol may carry. */
export type ChatSetting =
  | "stream"
  | "temperature"
  | "topP"
  | "maxTokens"
  | "frequencyPenalty"
  | "presencePenalty"
  | "stop"
  | "seed"
  | "reasoningEffort"
  | "parallelToolCalls";

/** A setting of {@linkcode ImageOptions} that a protocol may carry. */
export type ImageSetting = keyof ImageOptions;

/** All settings that a protocol may carry. */
export const CHAT_SETTINGS: readonly ChatSetting[] = [
  "stream",
  "temperature",
  "topP",
  "maxTokens",
  "frequencyPenalty",
  "presencePenalty",
  "stop",
  "seed",
  "reasoningEffort",
  "parallelToolCalls",
];
