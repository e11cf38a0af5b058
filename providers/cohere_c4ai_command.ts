/**
 * CohereForAI C4AI Command: a Hugging Face chat-ui server.
 *
 * @module
 */

import type { Conversation } from "../core/chat/conversation.ts";
import { parseConversation } from "../core/run/parse_conversation.ts";
import type {
  ProviderDefinition,
  RunContext,
} from "../core/chat/definition.ts";
import { isProviderError } from "../core/chat/errors.ts";
import { formatPrompt, toLastUserText } from "../core/chat/prompt.ts";
import { createProvider } from "../core/run/provider.ts";
import type { ProviderOptions } from "../core/chat/provider_options.ts";
import type { Provider } from "../core/chat/provider.ts";
import type { ChatEvent } from "../core/chat/events.ts";
import {
  type ChatUiAnswer,
  createChatUiAnswer,
} from "../core/chat_ui/answer.ts";
import {
  createConversation,
  isContinued,
  isStored,
  readCookies,
  toHeaders,
} from "../core/chat_ui/conversation.ts";
import { fetchLastMessage } from "../core/chat_ui/page_data.ts";

const definition: ProviderDefinition = {
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
  parseConversation,
  async *respond(run) {
    const inputs = toInputs(run);
    if (inputs === "") {
      throw run.fail("Messages end without a new one", {
        code: "invalid-request",
      });
    }
    const conversation = isContinued(run) ? run.conversation : undefined;
    try {
      yield* send(
        run,
        conversation ?? await createConversation(run, definition.id),
        inputs,
      );
    } catch (error) {
      throw conversation && isStored(run) ? toExpired(run, error) : error;
    }
  },
};

/** What is new to the server. */
function toInputs(run: RunContext): string {
  const { messages } = run;
  if (isContinued(run) && isStored(run)) {
    return toLastUserText(messages);
  }
  const chat = messages.filter(({ role }) => role !== "system");
  return formatPrompt(chat.length === 0 ? messages : chat);
}

async function* send(
  run: RunContext,
  conversation: Conversation,
  inputs: string,
): AsyncGenerator<ChatEvent | Iterable<ChatEvent>> {
  const { id, cookies } = conversation;
  const headers = toHeaders(run, cookies);
  // A further attempt goes on with what this one has created.
  run.conversation = conversation;
  const parent = await fetchLastMessage(run, id, headers);
  const form = new FormData();
  form.set(
    "data",
    JSON.stringify({
      inputs,
      id: parent,
      is_retry: false,
      is_continue: false,
      web_search: false,
      tools: [],
    }),
  );
  let answer: ChatUiAnswer | undefined;
  try {
    const response = await run.post(`/conversation/${id}`, {
      headers,
      form,
      // The server stores the message first: sent again it would be there twice.
      retryStatuses: [429, 503],
    });
    run.conversation = {
      ...conversation,
      cookies: readCookies(run, response, cookies),
    };
    answer = createChatUiAnswer(run, response);
    yield* answer.read();
  } finally {
    // The server does not notice that nobody reads, and would generate on.
    if (answer?.isGenerating ?? run.signal.aborted) {
      run.notify(`/conversation/${id}/stop-generating`, { headers });
    }
  }
}

/** Tells that a stored conversation is gone. */
function toExpired(run: RunContext, error: unknown): unknown {
  if (!isProviderError(error) || error.code !== "not-found") {
    return error;
  }
  return run.fail("Conversation is gone", {
    code: "conversation-expired",
    words: error.body,
    status: error.status,
  });
}

/**
 * Makes a provider for CohereForAI C4AI Command, or for any other Hugging Face
 * chat-ui server: name its models in `models`.
 *
 * The server keeps the chat: pass the `conversation` of a result to the next
 * run, which then sends only what is new. With another model or system prompt a
 * new conversation is started, which knows only the messages of that run: pass
 * the whole chat.
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
  options: ProviderOptions = {},
): Provider {
  return createProvider(definition, options);
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
export const cohereC4aiCommand: Provider =
  /* @__PURE__ */ createCohereC4aiCommand();
