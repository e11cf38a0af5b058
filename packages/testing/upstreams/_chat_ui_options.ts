import type { ChatUiAnswerOptions } from "./_chat_ui_answer.ts";
import type { UpstreamOptions } from "./upstream.ts";

/** The limits of a chat-ui server; where one is absent, there is none. */
export interface ChatUiLimits {
  /** The conversations of a visitor; one more than this many is still made. */
  readonly conversations?: number | undefined;
  /** The messages of a conversation; one more than this many is still stored. */
  readonly messages?: number | undefined;
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
   * The server that it equals: 0.9.5, or the one of August 2026, which says when
   * it has finished, and lets a client find a running answer again.
   *
   * @default {"0.9.5"}
   */
  readonly version?: "0.9.5" | "2026-08" | undefined;
  /**
   * Whether visitors have to log in, which nobody can here.
   *
   * @default {false}
   */
  readonly login?: boolean | undefined;
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
  /**
   * Files by their hashes, which answers may name in updates of type `file`.
   *
   * @default {{}}
   */
  readonly files?:
    | Readonly<Record<string, Uint8Array<ArrayBuffer>>>
    | undefined;
}
