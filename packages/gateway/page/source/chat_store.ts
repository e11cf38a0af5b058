import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { Chat, Turn } from "./turns.ts";

/** What the list of chats shows. */
export type ChatHead = Omit<Chat, "turns">;

interface Schema extends DBSchema {
  chats: { key: string; value: ChatHead; indexes: { updated: number } };
  turns: {
    key: string;
    value: Turn & { readonly chat: string };
    indexes: { chat: string };
  };
}

/** Keeps chats in the browser, where each tab sees what the others keep. */
export class ChatStore {
  readonly #database: Promise<IDBPDatabase<Schema>>;
  readonly #channel: BroadcastChannel;

  /**
   * @param name The name of the database.
   * @param onChange Is called where another tab changed a chat.
   */
  constructor(name: string, onChange: (id: string) => void) {
    this.#database = openDB<Schema>(name, 1, {
      upgrade(database) {
        const chats = database.createObjectStore("chats", { keyPath: "id" });
        chats.createIndex("updated", "updated");
        const turns = database.createObjectStore("turns", { keyPath: "id" });
        turns.createIndex("chat", "chat");
      },
    });
    // Who uses it is told.
    this.#database.catch(() => {});
    this.#channel = new BroadcastChannel(name);
    this.#channel.addEventListener(
      "message",
      ({ data }) => onChange(`${data}`),
    );
  }

  /**
   * Lists the chats.
   *
   * @returns The chats, the one that was changed last first.
   */
  async list(): Promise<readonly ChatHead[]> {
    const database = await this.#database;
    return (await database.getAllFromIndex("chats", "updated")).reverse();
  }

  /**
   * Gets a chat.
   *
   * @param id Its id.
   * @returns The chat, where there is one.
   */
  async load(id: string): Promise<Chat | undefined> {
    const database = await this.#database;
    const head = await database.get("chats", id);
    if (head === undefined) return undefined;
    const records = await database.getAllFromIndex("turns", "chat", id);
    const turns = records.sort((one, other) => one.created - other.created);
    return { ...head, turns: turns.map(({ chat: _, ...turn }) => turn) };
  }

  /**
   * Keeps a chat.
   *
   * @param chat The chat.
   * @param changed Those of its messages that are new or another.
   */
  async save(
    { turns: _, ...head }: Chat,
    changed: readonly Turn[] = [],
  ): Promise<void> {
    const database = await this.#database;
    const transaction = database.transaction(["chats", "turns"], "readwrite");
    const turns = transaction.objectStore("turns");
    await Promise.all([
      transaction.objectStore("chats").put(head),
      ...changed.map((turn) => turns.put({ ...turn, chat: head.id })),
      transaction.done,
    ]);
    this.#channel.postMessage(head.id);
  }

  /**
   * Deletes messages of a chat.
   *
   * @param chat The chat.
   * @param removed The messages.
   */
  async removeTurns(chat: Chat, removed: readonly Turn[]): Promise<void> {
    const database = await this.#database;
    const transaction = database.transaction("turns", "readwrite");
    await Promise.all([
      ...removed.map(({ id }) => transaction.store.delete(id)),
      transaction.done,
    ]);
    await this.save(chat);
  }

  /**
   * Deletes a chat.
   *
   * @param id Its id.
   */
  async remove(id: string): Promise<void> {
    const database = await this.#database;
    const transaction = database.transaction(["chats", "turns"], "readwrite");
    const turns = transaction.objectStore("turns");
    const keys = await turns.index("chat").getAllKeys(id);
    await Promise.all([
      transaction.objectStore("chats").delete(id),
      ...keys.map((key) => turns.delete(key)),
      transaction.done,
    ]);
    this.#channel.postMessage(id);
  }

  /** Ends it. */
  async close(): Promise<void> {
    this.#channel.close();
    (await this.#database).close();
  }
}
