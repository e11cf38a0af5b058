/**
 * The messages that a chat-ui server has stored. Shapes only.
 *
 * @module
 */

import { validate } from "@std/uuid/common";
import {
  custom,
  list,
  nullish,
  object,
  parse,
  type ZodType,
} from "../chat/zod.ts";
import { once } from "../streams/once.ts";
import { isList, isObject, isString } from "../streams/values.ts";

/** A message that the server has stored. */
export interface StoredMessage {
  readonly id: string;
  readonly from?: string | null | undefined;
  readonly content?: string | null | undefined;
  readonly reasoning?: string | null | undefined;
  /** What was said of it while it came, without its text. */
  readonly updates?:
    | readonly Readonly<Record<string, unknown>>[]
    | null
    | undefined;
  /** Whether it was broken off. */
  readonly interrupted?: unknown;
}

const toStoredMessage = /* @__PURE__ */ once(() =>
  object({
    id: custom<string>(isString),
    from: nullish(isString),
    content: nullish(isString),
    reasoning: nullish(isString),
    updates: nullish((updates): updates is StoredMessage["updates"] =>
      isList(updates) && updates.every(isObject)
    ),
  })
);

function isStoredMessage(value: unknown): value is StoredMessage {
  return parse(toStoredMessage(), value) !== undefined;
}

/** What stored messages must be. */
export function toStoredMessages(): ZodType<readonly StoredMessage[]> {
  return list(isStoredMessage);
}

/**
 * Whether a value can be the id of a message.
 *
 * @param id The value.
 */
export function isMessageId(id: unknown): id is string {
  return typeof id === "string" && validate(id);
}

/** A chat as the server has stored it. */
export interface StoredChat {
  /**
   * Where this server gives it: `/api/conversation/`, the data of its page, or
   * `/api/v2/conversations/`.
   */
  readonly source: typeof SOURCES[number];
  /** The model that answers in it. */
  readonly model: string | undefined;
  /** Its messages; of the data of a page only the last one, and only its id. */
  readonly messages: readonly StoredMessage[];
}

/**
 * Whether the server has finished a message, well or not.
 *
 * @param message The message.
 * @param finishes Whether this server says that it has finished.
 */
export function isOver(
  { updates }: StoredMessage,
  finishes: boolean | undefined,
): boolean {
  return (updates ?? []).some(({ type, status }) =>
    type === "status"
      ? status === "error" || status === "finished"
      : type === "finalAnswer" && !finishes
  );
}

/** Where servers give their chats, in the order in which they are asked. */
export const SOURCES = ["api", "page", "v2"] as const;

/**
 * Whether a value names such a place.
 *
 * @param value The value.
 */
export function isSource(value: unknown): value is StoredChat["source"] {
  return SOURCES.some((source) => source === value);
}
