import type { ChatUiAnswerOptions } from "./_chat_ui_answer.ts";
import type { UpstreamOptions } from "./upstream.ts";

/** The limits of a chat-ui server; where one is absent, there is none. */
export interface ChatUiLimits {
  /** The conversations of a visitor; one more than this many is still made. */
  readonly conversations?: number | undefined;
  /** The characters of a message. */
  readonly messageLength?: number | undefined;
  /** The messages of a visitor within a minute. */
  readonly messagesPerMinute?: number | undefined;
}

/** Options of {@linkcode createChatUiUpstream}. */
export interface ChatUiUpstreamOptions
  extends ChatUiAnswerOptions, UpstreamOptions {
  /**
   * The ids of the models.
   *
   * @default {the seven of the public Cohere server}
   */
  readonly models?: readonly string[] | undefined;
  /**
   * The server that it equals: 0.9.5, or one of September 2025, whose page data
   * has no messages and which gives them at `/api/v2/conversations/`.
   *
   * @default {"0.9"}
   */
  readonly version?: "0.9" | "2025-09" | undefined;
  /**
   * Whether cookies are made for http: `SameSite=Lax`, not `Secure`.
   *
   * @default {false}
   */
  readonly insecureCookies?: boolean | undefined;
  /**
   * What it refuses to too eager visitors.
   *
   * @default {no limits}
   */
  readonly limits?: ChatUiLimits | undefined;
}
