import { decodeBase64 } from "@parley/chat";
import * as z from "zod/mini";
import {
  addMessage,
  findMessage,
  type StoredConversation,
  type StoredFile,
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
  generationId: z.optional(z.guid()),
  selectedMcpServerNames: z.optional(z.array(z.string())),
});

/** A file that came with a message. */
export interface ReceivedFile extends StoredFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Reads the files of a form: base64 text, in files named `base64;NAME`. */
export async function readFiles(form: FormData): Promise<ReceivedFile[]> {
  const files: ReceivedFile[] = [];
  for (const entry of form.getAll("files")) {
    if (!(entry instanceof File) || entry.size === 0) continue;
    // Deno reads a name only as far as its first semicolon, with its quote.
    const [, type, name = ""] = /^"?(\w+)(?:;(.*))?$/.exec(entry.name) ?? [];
    if (type !== "base64") throw new TypeError("Invalid file type");
    const bytes = decodeBase64(await entry.text());
    if (bytes.length > 10 * 1024 * 1024) {
      throw refuse(413, "File too large, should be <10MB");
    }
    const hash = await crypto.subtle.digest("SHA-256", bytes);
    files.push({
      type: "hash",
      value: Array.from(
        new Uint8Array(hash),
        (byte) => byte.toString(16).padStart(2, "0"),
      ).join(""),
      mime: entry.type,
      name,
      bytes,
    });
  }
  return files;
}

/**
 * Stores the user's message and an empty one to answer into, which it returns.
 * An answer that is tried again gets a sibling.
 */
export function addTurn(
  conversation: StoredConversation,
  { inputs, id, is_retry: isRetry }: z.output<typeof Turn>,
  files: readonly StoredFile[],
): StoredMessage {
  if (!isRetry || id === undefined) {
    return addExchange(conversation, inputs ?? "", id, files);
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
  return addExchange(conversation, inputs, parentId, files);
}

function addExchange(
  conversation: StoredConversation,
  inputs: string,
  parentId: string | undefined,
  files: readonly StoredFile[],
): StoredMessage {
  const message = addMessage(conversation, "user", inputs, parentId);
  message.files = files.map(({ type, value, mime, name }) => ({
    type,
    value,
    mime,
    name,
  }));
  return addMessage(conversation, "assistant", "", message.id);
}
