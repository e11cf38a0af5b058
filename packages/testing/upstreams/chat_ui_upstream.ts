import type { ChatUiUpstreamOptions } from "./_chat_ui_options.ts";
import { ChatUiServer } from "./_chat_ui_server.ts";
import { createUpstream, type Upstream } from "./upstream.ts";

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
 * import { createChatUiUpstream } from "@parley/testing";
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
