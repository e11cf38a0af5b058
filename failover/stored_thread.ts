/**
 * A conversation of a failover as a caller keeps it.
 *
 * @module
 */

import * as z from "zod/mini";
import {
  type ContentPart,
  type Conversation,
  type Message,
  parseConversation,
  ProviderError,
  toDataUrl,
} from "../mod.ts";
import { readMessage } from "../core/run/read_message.ts";
import { TOOL_SUITE } from "../core/run/tool_suite.ts";
import { isBytes } from "../core/streams/values.ts";

/** Whether a value is a message that travels: all but those of the system. */
function isStored(value: unknown): boolean {
  try {
    return readMessage(value, 0, TOOL_SUITE).role !== "system";
  } catch {
    return false;
  }
}

const State = z.strictObject({
  messages: z.array(z.custom<Message>(isStored)),
  parts: z.record(
    z.string(),
    z.strictObject({
      conversation: z.unknown(),
      known: z.int().check(z.nonnegative()),
    }),
  ),
});

/** The part of a conversation that one provider keeps itself. */
export interface ThreadPart {
  /** What the provider goes on with. */
  readonly conversation: Conversation;
  /** How many messages of the whole it knows. */
  readonly known: number;
}

/**
 * Checks a conversation of a failover that a caller passes.
 *
 * @param value Any value.
 * @param origins The origins of all routes, that of the failover as the first:
 * a thread goes on where routes have changed their places.
 * @throws {ProviderError} If it is none of this failover, with code
 * `invalid-request`.
 */
export function parseThread(
  value: unknown,
  origins: readonly string[],
): Conversation {
  const conversation = parseConversation(value);
  const { success } = State.safeParse(conversation.state);
  const [origin] = origins;
  if (success && origin && origins.includes(conversation.origin)) {
    return { ...conversation, origin };
  }
  throw new ProviderError("Conversation is not valid", {
    code: "invalid-request",
  });
}

/** What a conversation of a failover holds. */
export interface StoredThread {
  /** All messages but those of the system. */
  readonly messages: readonly Message[];
  /** What providers keep themselves, by the keys of their routes. */
  readonly parts: Readonly<Record<string, ThreadPart>>;
}

/**
 * Reads what {@linkcode parseThread} has checked.
 *
 * @param conversation The conversation; without one, nothing was said.
 */
export function readThread(
  conversation: Conversation | undefined,
): StoredThread {
  if (conversation === undefined) return { messages: [], parts: {} };
  const { messages, parts } = State.parse(conversation.state);
  return {
    messages,
    parts: Object.fromEntries(
      Object.entries(parts).map(([key, part]) => [key, {
        conversation: parseConversation(part.conversation),
        known: part.known,
      }]),
    ),
  };
}

/**
 * Takes the bytes out of a message, which travels as JSON.
 *
 * @param message The message.
 */
export function toStored(message: Message): Message {
  const { content } = message;
  if (typeof content === "string") return message;
  return {
    ...message,
    content: content.map((part): ContentPart => {
      if (part.type === "text") return part;
      const { image, mediaType } = part;
      return isBytes(image)
        ? { type: "image", image: toDataUrl(image, mediaType) }
        : { ...part, image: String(image) };
    }),
  };
}
