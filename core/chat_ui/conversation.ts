/**
 * A conversation that a chat-ui server keeps.
 *
 * @module
 */

import { BROWSER } from "../http/browser.ts";
import type { Conversation } from "../chat/conversation.ts";
import { toCookieHeader, updateCookies } from "../http/cookies.ts";
import type { RunContext } from "../chat/definition.ts";
import type { UpstreamResponse } from "../chat/exchange.ts";
import { isProviderError } from "../chat/errors.ts";
import { toSystemText } from "../chat/prompt.ts";
import { tryParseJson } from "../streams/json.ts";
import { custom, nullish, object, parse } from "../chat/zod.ts";
import { once } from "../streams/once.ts";
import { isString } from "../streams/values.ts";
import {
  isMessageId,
  isSource,
  type StoredChat,
  toStoredMessages,
} from "./stored_message.ts";

const toCreated = /* @__PURE__ */ once(() =>
  object({
    conversationId: custom<string>((id) =>
      isString(id) && /^[0-9a-f]{24}$/.test(id)
    ),
    conversation: nullish(isString),
  })
);

/** The conversation that newer servers write as SuperJSON. */
const toRoot = /* @__PURE__ */ once(() =>
  object({
    json: object({
      messages: toStoredMessages(),
      rootMessageId: nullish(isString),
    }),
  })
);

/** What is kept in the state of a conversation; all of it may be missing. */
export interface ChatUiState {
  /** Where this server gives its stored messages. */
  readonly source?: StoredChat["source"] | undefined;
  /** Whether this server says that it has finished. */
  readonly finishes?: boolean | undefined;
  /** Whether it had not finished when the run ended. */
  readonly pending?: boolean | undefined;
}

/**
 * Reads the state of a conversation. What is not known is left out: it only
 * spares requests.
 *
 * @param conversation The conversation.
 */
export function readState(
  { state = {} }: Pick<Conversation, "state">,
): ChatUiState {
  const { source, finishes, pending } = state;
  return {
    ...(isSource(source) && { source }),
    ...(finishes === true && { finishes }),
    ...(pending === true && { pending }),
  };
}

/**
 * Changes the state of a conversation.
 *
 * @param conversation The conversation.
 * @param changes What is known now.
 */
export function withState(
  conversation: Conversation,
  changes: ChatUiState,
): Conversation {
  const state = { ...conversation.state, ...changes };
  return { ...conversation, state: { ...readState({ state }) } };
}

/**
 * Whether the server already knows the conversation, and with this system
 * prompt.
 *
 * @param run The run.
 */
export function isContinued({ conversation, messages }: RunContext): boolean {
  if (conversation === undefined) return false;
  const isSystem = messages.some(({ role }) => role === "system");
  return !isSystem || conversation.systemPrompt === toSystemText(messages);
}

/**
 * Whether a run goes on with the conversation that the caller passed.
 *
 * @param run The run.
 */
export function isStored(
  { conversation, options }: RunContext,
): boolean {
  return conversation !== undefined && conversation === options.conversation;
}

/**
 * Writes the headers that the server wants.
 *
 * @param run What asks: a run, or an inquiry.
 * @param cookies The cookies of the conversation.
 */
export function toHeaders(
  { baseUrl, origin }: Pick<RunContext, "baseUrl" | "origin">,
  cookies: Conversation["cookies"] = {},
): Record<string, string> {
  const cookie = toCookieHeader(cookies);
  return {
    ...BROWSER,
    // The server renders a page for whoever prefers HTML.
    accept: "*/*",
    origin,
    referer: `${baseUrl}/`,
    ...(cookie !== "" && { cookie }),
  };
}

/** Finds the message that a new conversation begins with, where the server gives it. */
function findRoot(text: string): string | undefined {
  const data = parse(toRoot(), tryParseJson(text));
  const id = data?.json.messages.at(-1)?.id ?? data?.json.rootMessageId;
  return isMessageId(id) ? id : undefined;
}

/** A conversation that the server has just created. */
export interface CreatedConversation {
  /** The conversation. */
  readonly conversation: Conversation;
  /** The parent of its first message, where the server gives it. */
  readonly parent: string | undefined;
}

/**
 * Starts a conversation.
 *
 * @param run The run.
 * @param provider The provider's id.
 */
export async function createConversation(
  run: RunContext,
  provider: string,
): Promise<CreatedConversation> {
  const { model, messages } = run;
  const systemPrompt = toSystemText(messages);
  const response = await run.post("/conversation", {
    headers: toHeaders(run),
    json: { model, preprompt: systemPrompt },
  });
  const created = parse(toCreated(), await response.json());
  if (created === undefined) {
    throw run.fail("Conversation was not created", { code: "bad-response" });
  }
  const conversation: Conversation = {
    version: 1,
    provider,
    origin: run.origin,
    id: created.conversationId,
    model,
    systemPrompt,
    cookies: readCookies(run, response),
  };
  // Servers that give the conversation also say when they have finished.
  return created.conversation
    ? {
      conversation: withState(conversation, { finishes: true }),
      parent: findRoot(created.conversation),
    }
    : { conversation, parent: undefined };
}

/**
 * Takes over the cookies of a response.
 *
 * @param run The run.
 * @param response The response.
 * @param cookies The cookies so far.
 */
export function readCookies(
  run: RunContext,
  { headers }: UpstreamResponse,
  cookies: Conversation["cookies"] = {},
): Conversation["cookies"] {
  return updateCookies(cookies, headers, new URL(run.baseUrl), run.now());
}

/**
 * Makes the error for a stored conversation that is gone.
 *
 * @param run The run.
 * @param error What a request threw; anything else is given back as it is.
 */
export function toExpired(run: RunContext, error: unknown): unknown {
  if (!isProviderError(error) || error.code !== "not-found") return error;
  return run.fail("Conversation is gone", {
    code: "conversation-expired",
    words: error.body,
    status: error.status,
  });
}
