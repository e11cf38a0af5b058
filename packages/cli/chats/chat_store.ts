import {
  type Conversation,
  type Message,
  parseConversation,
} from "@parley/chat";
import { DatabaseSync } from "node:sqlite";
import { findFolders, isAllowed } from "../settings/folders.ts";
import type { Environment } from "../terminal/terminal.ts";

const SCHEMA = `
  PRAGMA busy_timeout = 5000;
  PRAGMA foreign_keys = ON;
  PRAGMA user_version = 1;
  CREATE TABLE IF NOT EXISTS chats (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL,
    model TEXT NOT NULL,
    base_url TEXT,
    system TEXT,
    conversation TEXT,
    updated_at TEXT NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS messages (
    chat INTEGER NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    message TEXT NOT NULL,
    PRIMARY KEY (chat, position)
  ) STRICT;
`;

/** What is kept of a chat besides its messages. */
export interface ChatFacts {
  readonly title: string;
  /** The model that answered last: `server/model`. */
  readonly model: string;
  readonly baseUrl?: string | undefined;
  /** What the model is instructed with. */
  readonly system?: string | undefined;
  /** What the server wants to go on with, where it keeps the chat itself. */
  readonly conversation?: Conversation | undefined;
}

/** A chat as it is kept. */
export interface StoredChat extends ChatFacts {
  readonly id: number;
  readonly messages: readonly Message[];
  readonly updatedAt: Date;
}

/** A chat in a list. */
export type ListedChat =
  & Pick<StoredChat, "id" | "model" | "title" | "updatedAt">
  & { readonly messageCount: number };

type Row = ReturnType<ReturnType<DatabaseSync["prepare"]>["get"]>;

/** Keeps chats over runs of the program. */
export class ChatStore implements Disposable {
  readonly #database: DatabaseSync;

  private constructor(database: DatabaseSync) {
    this.#database = database;
    database.exec(SCHEMA);
  }

  /**
   * Opens the chats.
   *
   * @returns The chats; `undefined` where they may not be kept.
   */
  static async open(environment: Environment): Promise<ChatStore | undefined> {
    const folder = findFolders(environment)?.data;
    if (folder === undefined) return undefined;
    const states = [isAllowed("read", folder), isAllowed("write", folder)];
    if (!(await Promise.all(states)).every(Boolean)) return undefined;
    await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
    const path = `${folder}/chats.db`;
    // They hold what was said, and the cookies of threads.
    const file = await Deno.open(path, {
      write: true,
      create: true,
      mode: 0o600,
    });
    file.close();
    return new ChatStore(new DatabaseSync(path));
  }

  /**
   * Adds messages to a chat, and keeps what is now true of it.
   *
   * @param id The chat; without it a new one begins.
   * @param facts What is true of it.
   * @param messages What was said.
   * @returns The chat.
   */
  add(
    id: number | undefined,
    facts: ChatFacts,
    messages: readonly Message[],
  ): number {
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      const chat = this.#write(id, facts);
      const insert = this.#database.prepare(
        `INSERT INTO messages SELECT ?1, count(*), ?2
         FROM messages WHERE chat = ?1`,
      );
      for (const message of messages) {
        insert.run(chat, JSON.stringify(message));
      }
      this.#database.exec("COMMIT");
      return chat;
    } catch (error) {
      this.#database.exec("ROLLBACK");
      throw error;
    }
  }

  #write(
    id: number | undefined,
    { title, model, baseUrl, system, conversation }: ChatFacts,
  ): number {
    const values = [
      title,
      model,
      baseUrl ?? null,
      system ?? null,
      conversation === undefined ? null : JSON.stringify(conversation),
      new Date().toISOString(),
    ];
    if (id !== undefined) {
      const { changes } = this.#database.prepare(
        `UPDATE chats SET title = ?, model = ?, base_url = ?, system = ?,
         conversation = ?, updated_at = ? WHERE id = ?`,
      ).run(...values, id);
      if (Number(changes) > 0) return id;
      // It has been deleted meanwhile.
    }
    const { lastInsertRowid } = this.#database.prepare(
      `INSERT INTO chats (title, model, base_url, system, conversation,
       updated_at) VALUES (?, ?, ?, ?, ?, ?)`,
    ).run(...values);
    return Number(lastInsertRowid);
  }

  /** Gets a chat; without an id, the last one. */
  get(id?: number): StoredChat | undefined {
    const row = id === undefined
      ? this.#database.prepare(
        "SELECT * FROM chats ORDER BY updated_at DESC, id DESC LIMIT 1",
      ).get()
      : this.#database.prepare("SELECT * FROM chats WHERE id = ?").get(id);
    return row && this.#toChat(row);
  }

  #toChat(row: NonNullable<Row>): StoredChat {
    const id = Number(row.id);
    const messages = this.#database
      .prepare("SELECT message FROM messages WHERE chat = ? ORDER BY position")
      .all(id);
    return {
      id,
      title: String(row.title),
      model: String(row.model),
      ...(row.base_url !== null && { baseUrl: String(row.base_url) }),
      ...(row.system !== null && { system: String(row.system) }),
      ...(row.conversation !== null && {
        conversation: parseConversation(JSON.parse(String(row.conversation))),
      }),
      messages: messages.map(({ message }) => JSON.parse(String(message))),
      updatedAt: new Date(String(row.updated_at)),
    };
  }

  /** Lists the chats, the newest first. */
  list(limit: number): readonly ListedChat[] {
    return this.#database.prepare(
      `SELECT id, title, model, updated_at, count(position) AS count
       FROM chats LEFT JOIN messages ON chat = id
       GROUP BY id ORDER BY updated_at DESC, id DESC LIMIT ?`,
    ).all(limit).map((row) => ({
      id: Number(row.id),
      title: String(row.title),
      model: String(row.model),
      updatedAt: new Date(String(row.updated_at)),
      messageCount: Number(row.count),
    }));
  }

  /** Lists what was asked, the newest first. */
  listQuestions(limit: number): readonly string[] {
    return this.#database.prepare(
      `SELECT message ->> 'content' AS question FROM messages
       WHERE message ->> 'role' = 'user'
       AND json_type(message, '$.content') = 'text'
       ORDER BY messages.rowid DESC LIMIT ?`,
    ).all(limit).map(({ question }) => String(question));
  }

  /** Deletes a chat; tells whether there was one. */
  delete(id: number): boolean {
    const { changes } = this.#database
      .prepare("DELETE FROM chats WHERE id = ?").run(id);
    return Number(changes) > 0;
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }
}
