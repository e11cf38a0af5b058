/**
 * What a chat-ui server knows of a conversation.
 *
 * @module
 */

import type { Conversation } from "../chat/conversation.ts";
import type { RunContext } from "../chat/definition.ts";
import { isProviderError } from "../chat/errors.ts";
import { nullish, object, parse } from "../chat/zod.ts";
import { once } from "../streams/once.ts";
import { isObject, isString } from "../streams/values.ts";
import { isStored, readState, toHeaders } from "./conversation.ts";
import { fetchPage } from "./page_data.ts";
import {
  isMessageId,
  SOURCES,
  type StoredChat,
  toStoredMessages,
} from "./stored_message.ts";

const toChat = /* @__PURE__ */ once(() =>
  object({
    messages: toStoredMessages(),
    modelId: nullish(isString),
    rootMessageId: nullish(isString),
  })
);

/** What one route gives; nothing where this server has no such route. */
type Answer = Omit<StoredChat, "source"> | undefined;

type Headers = Readonly<Record<string, string>>;

/**
 * Whether a failure means that the server has no such conversation.
 *
 * @param error What a request threw.
 */
export function isGone(error: unknown): boolean {
  return isProviderError(error) && error.status === 404 &&
    /conversation not found/i.test(error.body ?? "");
}

/**
 * Whether a failure means that the server has no such route: some versions
 * answer an unknown one with a page, and with status 200.
 *
 * @param error What a request threw.
 */
function isMissingRoute(error: unknown): boolean {
  if (!isProviderError(error)) return false;
  return error.code === "bad-response" ||
    (error.status === 404 && !isGone(error));
}

/** Asks a route that gives JSON. */
async function fetchJson(
  run: RunContext,
  path: string,
  headers: Headers,
): Promise<Answer> {
  try {
    const response = await run.get(path, { headers });
    const answer = await response.json();
    // SuperJSON has it in `json`.
    const { json = answer } = isObject(answer) ? answer : {};
    const data = parse(toChat(), json);
    if (data === undefined) return undefined;
    const { messages, modelId, rootMessageId: id } = data;
    return {
      messages: messages.length === 0 && id ? [{ id }] : messages,
      model: modelId ?? undefined,
    };
  } catch (error) {
    if (isMissingRoute(error)) return undefined;
    // Some routes say so of a conversation whose session is over.
    if (isProviderError(error) && error.status === 403 && isStored(run)) {
      throw run.fail("Conversation cannot be read", {
        code: "not-found",
        status: 403,
      });
    }
    throw error;
  }
}

const ROUTES: Readonly<
  Record<
    StoredChat["source"],
    (run: RunContext, id: string, headers: Headers) => Promise<Answer>
  >
> = {
  api: (run, id, headers) => fetchJson(run, `/api/conversation/${id}`, headers),
  page: fetchPage,
  v2: (run, id, headers) =>
    fetchJson(run, `/api/v2/conversations/${id}`, headers),
};

/**
 * Asks for a conversation, first where this server is known to give it.
 *
 * @param run The run.
 * @param conversation The conversation.
 * @returns What the server has stored: at least one message.
 */
export async function fetchStoredChat(
  run: RunContext,
  conversation: Conversation,
): Promise<StoredChat> {
  const headers = toHeaders(run, conversation.cookies);
  const { source: known = "api" } = readState(conversation);
  for (const source of new Set([known, ...SOURCES])) {
    const chat = await ROUTES[source](run, conversation.id, headers);
    if (isMessageId(chat?.messages.at(-1)?.id)) return { ...chat, source };
  }
  throw run.fail(
    "Conversation cannot be read: the server is of an unknown version",
    { code: "bad-response" },
  );
}

/**
 * Whether a server was ended within the last message of a conversation: only its
 * newest route says so.
 *
 * @param run The run.
 * @param conversation The conversation.
 * @param stored What the server has stored.
 */
export async function wasEnded(
  run: RunContext,
  { id, cookies }: Conversation,
  stored: StoredChat,
): Promise<boolean> {
  const chat = stored.source === "v2"
    ? stored
    : await ROUTES.v2(run, id, toHeaders(run, cookies));
  const { interrupted, updates } = chat?.messages.at(-1) ?? {};
  // One that was stopped has an end.
  return interrupted === true &&
    !updates?.some(({ type }) => type === "finalAnswer");
}
