/**
 * The shapes that callers and providers share.
 *
 * @module
 */

import type { Conversation } from "./conversation.ts";

/** Who wrote a {@linkcode Message}. */
export type Role = "system" | "user" | "assistant";

/** A piece of text inside a {@linkcode Message}. */
export interface TextPart {
  /** Tells the parts apart. */
  readonly type: "text";
  /** The text. */
  readonly text: string;
}

/** A picture inside a {@linkcode Message}. */
export interface ImagePart {
  /** Tells the parts apart. */
  readonly type: "image";
  /** The bytes, an `http(s):` or `data:` URL, or base64 text. */
  readonly image: Uint8Array | URL | string;
  /**
   * The media type of bytes or base64 text.
   *
   * @default {the type that the bytes themselves tell}
   */
  readonly mediaType?: string | undefined;
}

/** One part of the content of a {@linkcode Message}. */
export type ContentPart = TextPart | ImagePart;

/** One message of a chat. */
export interface Message {
  /** Who wrote it. */
  readonly role: Role;
  /** Its text, or its parts in order. */
  readonly content: string | readonly ContentPart[];
}

/** What a caller asks: one user message as a string, or a whole chat. */
export type ChatInput = string | readonly Message[];

/** The four clocks of a run, in milliseconds; `null` turns one off. */
export interface Timeouts {
  /**
   * From sending a request to its response headers.
   *
   * @default {30_000}
   */
  readonly headers?: number | null | undefined;
  /**
   * From the start of an attempt to the first content of the answer.
   *
   * @default {60_000}
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
   * @default {300_000}
   */
  readonly total?: number | null | undefined;
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
  /** Headers for the provider's own requests of this run. */
  readonly headers?: HeadersInit | undefined;
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
  | "presencePenalty";

/** All settings that a protocol may carry. */
export const CHAT_SETTINGS: readonly ChatSetting[] = [
  "stream",
  "temperature",
  "topP",
  "maxTokens",
  "frequencyPenalty",
  "presencePenalty",
];
