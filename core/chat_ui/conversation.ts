/**
 * A conversation that a chat-ui server keeps.
 *
 * @module
 */

import * as z from "zod/mini";
import { BROWSER } from "../http/browser.ts";
import type { Conversation } from "../chat/conversation.ts";
import { toCookieHeader, updateCookies } from "../http/cookies.ts";
import type { RunContext } from "../chat/definition.ts";
import type { UpstreamResponse } from "../chat/exchange.ts";
import { toSystemText } from "../chat/prompt.ts";
import { once } from "../chat/option_schemas.ts";

const toCreated = /* @__PURE__ */ once(() =>
  z.object({ conversationId: z.string().check(z.regex(/^[0-9a-f]{24}$/)) })
);

/**
 * Whether the server already knows the conversation as it has to be.
 *
 * @param run The run.
 */
export function isContinued(
  { conversation, model, messages }: RunContext,
): boolean {
  if (conversation?.model !== model) return false;
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
 * @param run The run.
 * @param cookies The cookies of the conversation.
 */
export function toHeaders(
  { baseUrl, origin }: RunContext,
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

/**
 * Starts a conversation.
 *
 * @param run The run.
 * @param provider The provider's id.
 */
export async function createConversation(
  run: RunContext,
  provider: string,
): Promise<Conversation> {
  const { model, messages } = run;
  const systemPrompt = toSystemText(messages);
  const response = await run.post("/conversation", {
    headers: toHeaders(run),
    json: { model, preprompt: systemPrompt },
  });
  const { data: created } = toCreated().safeParse(await response.json());
  if (created === undefined) {
    throw run.fail("Conversation was not created", { code: "bad-response" });
  }
  return {
    version: 1,
    provider,
    origin: run.origin,
    id: created.conversationId,
    model,
    systemPrompt,
    cookies: readCookies(run, response),
  };
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
