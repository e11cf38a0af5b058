import type { StoredConversation } from "./_chat_ui_conversations.ts";

/** A conversation as the JSON interface of newer chat-ui servers gives it. */
export function toApiResponse(conversation: StoredConversation): Response {
  const { messages, title, model, preprompt, rootMessageId, id, updatedAt } =
    conversation;
  const json = {
    messages,
    title,
    model,
    preprompt,
    rootMessageId,
    id,
    updatedAt,
    modelId: model,
    shared: false,
  };
  // SuperJSON says beside the JSON which of its strings are dates.
  const dates = ["updatedAt"];
  for (const index of messages.keys()) {
    dates.push(`messages.${index}.createdAt`, `messages.${index}.updatedAt`);
  }
  const values = Object.fromEntries(dates.map((path) => [path, ["Date"]]));
  return Response.json({ json, meta: { values } });
}
