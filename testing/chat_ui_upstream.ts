import type { ChatUiAnswerOptions } from "./_chat_ui_answer.ts";
import { ChatUiServer } from "./_chat_ui_server.ts";
import {
  createUpstream,
  type Upstream,
  type UpstreamOptions,
} from "./upstream.ts";

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

/**
 * Makes an upstream that speaks the protocol of chat-ui, the server behind the
 * Cohere Space on Hugging Face: conversations that belong to a cookie,
 * SvelteKit page data, and answers as lines of JSON.
 *
 * It refuses what a real one refuses, in the same words: a form from another
 * site (403), an unknown model or a missing field (400), a foreign conversation
 * (404), too much (429); what a real one chokes on is a 500.
 *
 * @example Usage
 * ```ts
 * import { createChatUiUpstream } from "@parley/chat/testing";
 * import { assertMatch } from "@std/assert";
 *
 * const upstream = createChatUiUpstream();
 * const response = await upstream.fetch("https://example.com/conversation", {
 *   method: "POST",
 *   headers: { "content-type": "application/json" },
 *   body: JSON.stringify({ model: "command-a-03-2025", preprompt: "Be brief" }),
 * });
 * const { conversationId } = await response.json();
 *
 * assertMatch(conversationId, /^[0-9a-f]{24}$/);
 * assertMatch(response.headers.get("set-cookie") ?? "", /^hf-chat=/);
 * ```
 *
 * @param options What it answers, how fast, where, and which server it equals.
 * @returns The upstream; its conversations are its own.
 */
export function createChatUiUpstream(
  options: ChatUiUpstreamOptions = {},
): Upstream {
  const server = new ChatUiServer(options);
  return createUpstream(
    (request, path) => server.respond(request, path),
    options,
  );
}
