import type { StoredConversation } from "./_chat_ui_conversations.ts";

/** Headers of the newer JSON interface. */
const CORS = {
  "access-control-allow-headers": "Content-Type, Authorization",
  "access-control-allow-methods": "GET, POST, PUT, PATCH, DELETE, OPTIONS",
  "access-control-allow-origin": "*",
};

/** A conversation as `GET /api/conversation/:id` gives it. */
export function toConversationJson(
  { id, title, updatedAt, model, messages }: StoredConversation,
  isNewest: boolean,
): unknown {
  return {
    id,
    title,
    updatedAt,
    modelId: model,
    ...(!isNewest && { assistantId: null }),
    messages: messages.map((
      { content, from, id, createdAt, updatedAt, files, updates, reasoning },
    ) => ({
      content,
      from,
      id,
      createdAt,
      updatedAt,
      files,
      updates,
      ...(!isNewest && { reasoning }),
    })),
    ...(!isNewest && { modelTools: false }),
  };
}

/** A conversation with what SuperJSON says of it beside the JSON. */
export function toSuperJson(conversation: StoredConversation): unknown {
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
    deployedSpaces: null,
  };
  const dates = ["updatedAt"];
  for (const index of messages.keys()) {
    dates.push(`messages.${index}.createdAt`, `messages.${index}.updatedAt`);
  }
  const values = Object.fromEntries([
    ...dates.map((path) => [path, ["Date"]]),
    ["deployedSpaces", ["undefined"]],
  ]);
  return { json, meta: { values, v: 1 } };
}

/** A response of the newer JSON interface. */
export function toApiResponse(
  value: unknown,
  { status = 200, headers }: ResponseInit = {},
): Response {
  const response = Response.json(value, { status, headers });
  for (const [name, text] of Object.entries(CORS)) {
    response.headers.set(name, text);
  }
  return response;
}

/** The models as both interfaces list them. */
export function toModelList(models: readonly string[]): unknown {
  return models.map((id) => ({
    id,
    name: id,
    websiteUrl: "https://huggingface.co",
    modelUrl: "https://huggingface.co",
    displayName: id,
    description: "",
    promptExamples: [],
    preprompt: "",
    multimodal: false,
    unlisted: false,
    hasInferenceAPI: false,
  }));
}
