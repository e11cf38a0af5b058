import type { ChatHead } from "./chat_store.ts";

/** Chats of one time. */
export interface ChatGroup {
  /** When. */
  readonly label: string;
  /** The chats. */
  readonly chats: readonly ChatHead[];
}

const DAY = 86_400_000;

/**
 * Sorts chats by when they were changed.
 *
 * @param chats The chats, the one that was changed last first.
 * @param now The time, in milliseconds.
 * @returns The times for which there is a chat.
 */
export function groupChats(
  chats: readonly ChatHead[],
  now: number,
): readonly ChatGroup[] {
  const today = new Date(now).setHours(0, 0, 0, 0);
  const groups = Map.groupBy(chats, ({ updated }) => {
    if (updated >= today) return "Today";
    if (updated >= today - DAY) return "Yesterday";
    return updated >= today - 7 * DAY ? "Last 7 days" : "Earlier";
  });
  return Array.from(groups, ([label, chats]) => ({ label, chats }));
}

/** What stands before the id of a chat in the address of the page. */
const PREFIX = "#chat-";

/**
 * Makes the address of a chat.
 *
 * @param id The id of the chat.
 * @returns What the address of the page ends with.
 */
export function toHash(id: string): string {
  return PREFIX + id;
}

/**
 * Reads the address of a chat.
 *
 * @param hash What the address of the page ends with.
 * @returns The id of the chat, or "".
 */
export function fromHash(hash: string): string {
  return hash.startsWith(PREFIX) ? hash.slice(PREFIX.length) : "";
}
