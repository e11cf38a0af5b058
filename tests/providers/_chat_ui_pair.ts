import {
  type ChatUiProvider,
  type ChatUiServerOptions,
  createChatUi,
} from "../../mod.ts";
import {
  type ChatUiUpstreamOptions,
  createChatUiUpstream,
  type Upstream,
} from "@parley/testing";

/** The versions of the server. */
export const VERSIONS = ["0.9.5", "2026-08"] as const;

/** The models of the server; the first is asked. */
export const MODELS = ["grey", "green"];

/** A server and who asks it. */
export function createPair(
  upstreamOptions: ChatUiUpstreamOptions = {},
  options: Partial<ChatUiServerOptions> = {},
): { readonly upstream: Upstream; readonly chatUi: ChatUiProvider } {
  const upstream = createChatUiUpstream({
    models: MODELS,
    answer: (prompt, { model, messages }) => [
      `${model}: `,
      `${prompt} `,
      `(${messages.length})`,
    ],
    ...upstreamOptions,
  });
  const chatUi = createChatUi({
    baseUrl: "https://chat.example/",
    defaultModel: "grey",
    fetch: upstream.fetch,
    ...options,
  });
  return { upstream, chatUi };
}
