/**
 * CohereForAI C4AI Command: a Hugging Face chat-ui server.
 *
 * @module
 */

import {
  type ChatUiDefinition,
  type ChatUiOptions,
  type ChatUiProvider,
  defineChatUi,
} from "../core/chat_ui/provider.ts";

const definition: ChatUiDefinition = {
  id: "CohereForAI_C4AI_Command",
  label: "CohereForAI C4AI Command",
  url: "https://cohereforai-c4ai-command.hf.space",
  baseUrl: "https://cohereforai-c4ai-command.hf.space",
  working: true,
  defaultModel: "command-a-03-2025",
  models: [
    "command-a-03-2025",
    "command-r-plus-08-2024",
    "command-r-08-2024",
    "command-r-plus",
    "command-r",
    "command-r7b-12-2024",
    "command-r7b-arabic-02-2025",
  ],
  modelAliases: {
    "command-a": "command-a-03-2025",
    "command-r7b": "command-r7b-12-2024",
  },
};

/**
 * Makes a provider for CohereForAI C4AI Command. For another Hugging Face
 * chat-ui server there is `createChatUi`.
 *
 * The server keeps the chat: pass the `conversation` of a result to the next
 * run, which then sends only what is new. With another system prompt a new
 * conversation is started, which knows only the messages of that run: pass the
 * whole chat.
 *
 * The Space has since been renamed: where the default address does not answer,
 * set `baseUrl` to `https://coherelabs-c4ai-command.hf.space`.
 *
 * @param options What is set for it.
 * @returns The provider.
 * @throws {ProviderError} If an option is wrong, with code `invalid-request`.
 *
 * @example
 * ```ts
 * import { createCohereC4aiCommand } from "@parley/chat";
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * const chatUi = createCohereC4aiCommand({
 *   baseUrl: "https://chat.example/hub",
 *   models: ["llama-4-scout"],
 * });
 * assertEquals(chatUi.getModel(), "llama-4-scout");
 * assertThrows(() => chatUi.getModel("command-a"));
 * ```
 */
export function createCohereC4aiCommand(
  options: ChatUiOptions = {},
): ChatUiProvider {
  return defineChatUi(definition, options);
}

/**
 * CohereForAI C4AI Command with its defaults.
 *
 * @example
 * ```ts
 * import { cohereC4aiCommand } from "@parley/chat";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(cohereC4aiCommand.getModel(), "command-a-03-2025");
 * ```
 */
export const cohereC4aiCommand: ChatUiProvider =
  /* @__PURE__ */ createCohereC4aiCommand();
