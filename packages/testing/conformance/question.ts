/**
 * What a request asks, as the conformance suite reads it. Types only.
 *
 * @module
 */

/** A message as it is sent. */
export interface SentMessage {
  /** Who wrote it: `"system"`, `"user"` or `"assistant"`. */
  readonly role: string;
  /** Its text. */
  readonly text: string;
  /**
   * Its pictures in order, as URLs: of those that are sent inline, data URLs.
   *
   * @default {[]}
   */
  readonly images?: readonly string[] | undefined;
}

/** What a run asks of its server, read out of its requests. */
export interface SentQuestion {
  /** The id of the model; absent where the protocol has no word for it. */
  readonly model?: string | undefined;
  /** The messages in order; a system text with a place of its own is one. */
  readonly messages: readonly SentMessage[];
  /**
   * The settings by the names of `ChatOptions`, such as `maxTokens`.
   *
   * @default {{}}
   */
  readonly settings?: Readonly<Record<string, unknown>> | undefined;
}
