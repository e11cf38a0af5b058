/**
 * Providers over chat-ui servers.
 *
 * @module
 */

import type { Conversation } from "../chat/conversation.ts";
import type { ProviderDefinition, RunContext } from "../chat/definition.ts";
import type { Provider } from "../chat/provider.ts";
import type { ProviderOptions } from "../chat/provider_options.ts";
import { createCheck, flag } from "../chat/option_schemas.ts";
import { custom, type ZodShape } from "../chat/zod.ts";
import { toProviderSchemas } from "../http/provider_config.ts";
import { readOpenAiModels } from "../openai/models.ts";
import { sendForStatus } from "../http/send_request.ts";
import { toScope } from "../run/run_context.ts";
import { createInquiry, type InquiryOptions } from "../run/inquiry.ts";
import { checkOwner, parseConversation } from "../run/parse_conversation.ts";
import { createProvider } from "../run/provider.ts";
import { isFilled, isList } from "../streams/values.ts";
import { toExpired, toHeaders } from "./conversation.ts";
import { respondWithChatUi } from "./respond.ts";

/** What can be set for a provider over a chat-ui server. */
export interface ChatUiOptions extends ProviderOptions {
  /**
   * Whether the model may use the tools that the server offers (since 2025, over
   * MCP): all of them, none, or those servers of tools that are named.
   *
   * @default {false}
   */
  readonly serverTools?: boolean | readonly string[] | undefined;
  /**
   * Whether a conversation is deleted on the server when the run ends that
   * created it. The run then gives no `conversation` to go on with.
   *
   * @default {false}
   */
  readonly temporary?: boolean | undefined;
}

/** A provider over a chat-ui server. */
export interface ChatUiProvider extends Provider {
  /**
   * Asks the server which models it has. Attempts, clocks, limits and errors are
   * those of a run.
   *
   * @param options Settings of this request.
   * @returns The model ids, in the order of the server.
   * @throws {ProviderError} If the server does not say.
   */
  listModels(options?: InquiryOptions): Promise<readonly string[]>;
  /**
   * Deletes a conversation on the server, with all its messages.
   *
   * @param conversation The conversation, as a run gave it.
   * @param options Settings of this request.
   * @throws {ProviderError} If the server does not delete it; where it has none
   * such, with code `conversation-expired`.
   */
  deleteConversation(
    conversation: Conversation,
    options?: InquiryOptions,
  ): Promise<void>;
}

/** What its options must be, beside those of every provider. */
export function toChatUiSchemas(): ZodShape {
  return {
    ...toProviderSchemas(),
    serverTools: custom(
      (value) =>
        typeof value === "boolean" ||
        (isList(value) && value.every(isFilled)),
      "true, false or names",
    ),
    temporary: flag(),
  };
}

const checkChatUiOptions = /* @__PURE__ */ createCheck(toChatUiSchemas);

/** What one provider states of itself. */
export type ChatUiDefinition = Omit<
  ProviderDefinition,
  "acceptsImages" | "parseConversation" | "respond"
>;

async function fetchModels(run: RunContext): Promise<readonly string[]> {
  const response = await run.get("/api/models", { headers: toHeaders(run) });
  return readOpenAiModels(run, await response.json());
}

async function deleteConversation(
  run: RunContext,
  provider: string,
  conversation: Conversation,
): Promise<void> {
  const { id, cookies } = conversation;
  checkOwner(conversation, provider, run.origin);
  try {
    const headers = toHeaders(run, cookies);
    const path = `/conversation/${id}`;
    await sendForStatus("DELETE", path, { headers }, toScope(run));
  } catch (error) {
    throw toExpired(run, error);
  }
}

/**
 * Makes a provider over a chat-ui server.
 *
 * @param definition What is particular to it.
 * @param options What is set for it.
 * @throws {ProviderError} If an option is wrong, with code `invalid-request`.
 */
export function defineChatUi(
  definition: ChatUiDefinition,
  options: ChatUiOptions,
): ChatUiProvider {
  checkChatUiOptions(options);
  const { serverTools = false, temporary = false, ...settings } = options;
  const { id, baseUrl } = definition;
  const provider = createProvider({
    ...definition,
    acceptsImages: true,
    parseConversation,
    respond: (run) =>
      respondWithChatUi(run, { provider: id, serverTools, temporary }),
  }, settings);
  return {
    ...provider,
    listModels: createInquiry({
      provider: id,
      action: "list the models of",
      baseUrl,
      ask: fetchModels,
    }, settings),
    async deleteConversation(given, inquiryOptions) {
      const conversation = parseConversation(given);
      const inquire = createInquiry({
        provider: id,
        action: "delete a conversation of",
        baseUrl,
        ask: (run) => deleteConversation(run, id, conversation),
      }, settings);
      await inquire(inquiryOptions);
    },
  };
}
