import {
  type ChatUiProvider,
  createChatUi,
  createOpenAiCompatible,
  type OpenAiCompatibleOptions,
  type OpenAiCompatibleProvider,
} from "@parley/chat";
import * as z from "zod/mini";

const WANTED = '"openai" or "chat-ui"';

/** What a server of one's own speaks. */
export const Protocol = z.enum(["openai", "chat-ui"], WANTED);

/** What a server of one's own speaks. */
export type Protocol = z.infer<typeof Protocol>;

/** Asks a server of one's own. */
export type ServerProvider = OpenAiCompatibleProvider | ChatUiProvider;

const FACTORIES = {
  "openai": createOpenAiCompatible,
  "chat-ui": createChatUi,
} as const;

/**
 * Makes what asks a server.
 *
 * @param protocol What it speaks.
 * @param options Where it is, and what is set for it, which its provider checks.
 * @throws {ProviderError} If an option is wrong, with code `invalid-request`.
 */
export function createServerProvider(
  protocol: Protocol = "openai",
  options: Pick<OpenAiCompatibleOptions, "baseUrl" | "id" | "apiKey">,
): ServerProvider {
  return FACTORIES[protocol](options);
}
