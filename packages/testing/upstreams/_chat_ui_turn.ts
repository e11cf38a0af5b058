import * as z from "zod/mini";
import {
  addMessage,
  findMessage,
  type StoredConversation,
  type StoredMessage,
} from "./_chat_ui_conversations.ts";
import { refuse } from "./_chat_ui_request.ts";

/** What a client sends to have an answer. */
export const Turn = z.object({
  inputs: z.optional(z.string().check(z.minLength(1))),
  // The parent of the new message, or the message to try again.
  id: z.optional(z.guid()),
  is_retry: z.optional(z.boolean()),
  // To continue an interrupted answer is not spoken here.
  is_continue: z.optional(z.literal(false)),
  web_search: z.optional(z.boolean()),
  tools: z.optional(z.array(z.string())),
});

/**
 * Stores the user's message and an empty one to answer into, which it returns.
 * An answer that is tried again gets a sibling.
 */
export function addTurn(
  conversation: StoredConversation,
  { inputs, id, is_retry: isRetry }: z.output<typeof Turn>,
): StoredMessage {
  if (!isRetry || id === undefined) {
    return addExchange(conversation, inputs ?? "", id);
  }
  const message = findMessage(conversation, id);
  if (message === undefined) throw refuse(404, "Message not found");
  const parentId = message.ancestors.at(-1);
  if (message.from === "assistant") {
    return addMessage(conversation, "assistant", "", parentId);
  }
  if (message.from !== "user" || inputs === undefined) {
    throw refuse(500, "Failed to create message");
  }
  return addExchange(conversation, inputs, parentId);
}

function addExchange(
  conversation: StoredConversation,
  inputs: string,
  parentId: string | undefined,
): StoredMessage {
  const { id } = addMessage(conversation, "user", inputs, parentId);
  return addMessage(conversation, "assistant", "", id);
}
