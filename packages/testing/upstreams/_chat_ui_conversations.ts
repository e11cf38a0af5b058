/** What a server says of an answer while it comes, or stores of it. */
export type ChatUiUpdate = Readonly<Record<string, unknown>>;

/** A file of a message, which the server keeps by its hash. */
export interface StoredFile {
  /** Says that `value` is a hash. */
  readonly type: "hash";
  /** The SHA-256 hash, in hex. */
  readonly value: string;
  /** The media type. */
  readonly mime: string;
  /** The name of the file. */
  readonly name: string;
}

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
  files?: readonly StoredFile[];
  reasoning?: string;
  updates?: ChatUiUpdate[];
  interrupted?: boolean;
  /** The name of the answer, by which it can be found while it is made. */
  generationId?: string;
  /** How many events of its log are in what is stored. */
  materializedSeq?: number;
}

/** A conversation as a chat-ui server keeps it. */
export interface StoredConversation {
  readonly id: string;
  /** The value of the cookie to which it belongs. */
  readonly session: string;
  model: string;
  readonly preprompt: string;
  readonly rootMessageId: string;
  /** In the order in which they came; the first is the root. */
  messages: StoredMessage[];
  title: string;
  updatedAt: Date;
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

/**
 * Copies messages, as a database does that gives or takes them.
 *
 * @param messages The messages.
 * @param updates What is stored where nothing was said of one.
 */
export function copyMessages(
  messages: readonly StoredMessage[],
  updates?: readonly ChatUiUpdate[],
): StoredMessage[] {
  return messages.map((message) => {
    const said = message.updates ?? updates;
    return {
      ...message,
      children: [...message.children],
      ...(said && { updates: [...said] }),
    };
  });
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
  };
}
