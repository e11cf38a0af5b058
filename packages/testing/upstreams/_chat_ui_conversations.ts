/**
 * A message as a chat-ui server keeps it: a node of the conversation's tree.
 */
export interface StoredMessage {
  readonly id: string;
  readonly from: "system" | "user" | "assistant";
  content: string;
  readonly createdAt: Date;
  updatedAt: Date;
  readonly ancestors: readonly string[];
  readonly children: string[];
  readonly files?: readonly string[];
  readonly updates?: Record<string, unknown>[];
  readonly interrupted?: boolean;
}

/** A conversation as a chat-ui server keeps it. */
export interface StoredConversation {
  readonly id: string;
  /** The value of the cookie to which it belongs. */
  readonly session: string;
  readonly model: string;
  readonly preprompt: string;
  readonly rootMessageId: string;
  /** In the order in which they came; the first is the root. */
  readonly messages: StoredMessage[];
  title: string;
  updatedAt: Date;
  /** Each ends one running answer. */
  readonly generations: Set<AbortController>;
}

/** The title of a conversation before its first answer. */
export const NEW_TITLE = "New Chat";

/** Makes a conversation, whose root is the system message. */
export function createConversation(
  session: string,
  model: string,
  preprompt: string,
): StoredConversation {
  const root = createMessage("system", preprompt, []);
  return {
    id: crypto.randomUUID().replaceAll("-", "").slice(0, 24),
    session,
    model,
    preprompt,
    rootMessageId: root.id,
    messages: [root],
    title: NEW_TITLE,
    updatedAt: root.createdAt,
    generations: new Set(),
  };
}

/** Adds a message below its parent; throws if there is no such parent. */
export function addMessage(
  conversation: StoredConversation,
  from: "user" | "assistant",
  content: string,
  parentId: string | undefined,
): StoredMessage {
  const parent = findMessage(conversation, parentId);
  if (parent === undefined) throw new Error("Parent message not found");
  const message = createMessage(from, content, [
    ...parent.ancestors,
    parent.id,
  ]);
  parent.children.push(message.id);
  conversation.messages.push(message);
  conversation.updatedAt = message.createdAt;
  return message;
}

/** The message of that id. */
export function findMessage(
  conversation: StoredConversation,
  id: string | undefined,
): StoredMessage | undefined {
  return conversation.messages.find((message) => message.id === id);
}

/** The messages above a message, from the root to its parent. */
export function toThread(
  { messages }: StoredConversation,
  { ancestors }: StoredMessage,
): readonly StoredMessage[] {
  return messages.filter(({ id }) => ancestors.includes(id));
}

function createMessage(
  from: StoredMessage["from"],
  content: string,
  ancestors: readonly string[],
): StoredMessage {
  const now = new Date();
  return {
    id: crypto.randomUUID(),
    from,
    content,
    createdAt: now,
    updatedAt: now,
    ancestors,
    children: [],
    ...(from === "user" && { files: [] }),
    ...(from === "assistant" && { updates: [], interrupted: false }),
  };
}
