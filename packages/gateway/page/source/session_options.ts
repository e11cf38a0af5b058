import type { ChatStore } from "./chat_store.ts";
import type { Turn } from "./turns.ts";

/** What a session needs of the page. */
export interface SessionOptions {
  /** Where chats are kept. */
  readonly store: Pick<ChatStore, "load" | "save" | "removeTurns">;
  /** Tells the most bytes of a request that holds pictures. */
  readonly bytes: () => number;
  /** Asks for an answer, again where another key is needed. */
  readonly withKey: (attempt: (key: string) => Promise<void>) => Promise<void>;
  /** Is called where messages come, go or are in another state. */
  readonly onTurns: () => void;
  /** Is called where a message grows. */
  readonly onGrowth: (turn: Turn) => void;
  /** Is called where a chat cannot be kept. */
  readonly onLost: (error: unknown) => void;
}
