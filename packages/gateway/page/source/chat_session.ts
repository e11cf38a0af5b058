import { holdAnswer, isAnswerHeld } from "./answer_lock.ts";
import { endAnswer, receive } from "./answering.ts";
import type { Model } from "./client.ts";
import type { SessionOptions } from "./session_options.ts";
import { addTurn, type Chat, createChat, type Turn } from "./turns.ts";

/** Milliseconds between two times that a growing answer is kept. */
const SAVE_INTERVAL = 500;

/** An answer that is being written. */
interface RunningAnswer {
  readonly chat: Chat;
  readonly controller: AbortController;
}

/** The chat that the page shows, and the answer that is being written in it. */
export class ChatSession {
  /** The chat. */
  chat: Chat = createChat();
  readonly #options: SessionOptions;
  readonly #running = new Map<string, RunningAnswer>();
  /** The chat that is being opened. */
  #wanted: string | undefined;

  /** @param options What it needs of the page. */
  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** Whether an answer is being written here. */
  get isRunning(): boolean {
    return this.#running.has(this.chat.id);
  }

  /** Whether an answer is written, in any tab, or another chat is opened. */
  get isBusy(): boolean {
    return this.#wanted !== undefined ||
      this.chat.turns.at(-1)?.state === "writing";
  }

  /**
   * Shows another chat, a new one at once. What is being written is written on.
   *
   * @param id The id of a chat; a new one where there is none.
   */
  async open(id: string): Promise<void> {
    this.#wanted = id;
    const kept = this.#running.get(id)?.chat ?? (id && await this.#load(id));
    // Meanwhile another one is wanted.
    if (this.#wanted !== id) return;
    this.#wanted = undefined;
    this.chat = kept || createChat();
    this.#options.onTurns();
  }

  /** Reads the chat again, which another tab has changed. */
  async reload(): Promise<void> {
    if (this.isRunning) return;
    const chat = await this.#load(this.chat.id);
    if (this.isRunning) return;
    this.chat = chat ?? createChat();
    this.#options.onTurns();
  }

  /** Stops the answer that is being written. */
  stop(): void {
    this.#running.get(this.chat.id)?.controller.abort();
  }

  /**
   * Ends the answer of a chat that is deleted.
   *
   * @param id The id of the chat.
   */
  discard(id: string): void {
    this.#running.get(id)?.controller.abort();
    this.#running.delete(id);
  }

  /**
   * Sends a message.
   *
   * @param message What it says and shows.
   * @param model Who is asked.
   */
  async send(
    message: Pick<Turn, "text" | "images">,
    model: Model,
  ): Promise<void> {
    if (this.isBusy) return;
    const turn = addTurn(this.chat, { role: "user", ...message });
    void this.#save([turn]);
    await this.#answer(model);
  }

  /**
   * Asks once more for the last answer.
   *
   * @param model Who is asked.
   */
  async regenerate(model: Model): Promise<void> {
    const last = this.chat.turns.at(-1);
    if (this.isBusy || last === undefined) return;
    if (last.role === "assistant") await this.#cut(last);
    await this.#allow(this.chat.turns.at(-1));
    await this.#answer(model);
  }

  /**
   * Sends a message again in other words. What followed it is gone.
   *
   * @param turn The message.
   * @param text The other words.
   * @param model Who is asked.
   */
  async edit(turn: Turn, text: string, model: Model): Promise<void> {
    if (this.isBusy) return;
    const next = this.chat.turns[this.chat.turns.indexOf(turn) + 1];
    if (next !== undefined) await this.#cut(next);
    if (this.chat.turns[0] === turn) this.chat.title = "";
    await this.#cut(turn);
    await this.send({ text, images: turn.images }, model);
  }

  /**
   * Deletes one message.
   *
   * @param turn The message.
   */
  async removeTurn(turn: Turn): Promise<void> {
    const { chat } = this;
    if (this.isBusy) return;
    chat.turns = chat.turns.filter((each) => each !== turn);
    await this.#remove([turn]);
  }

  /**
   * Puts a message back that was deleted.
   *
   * @param turn The message.
   */
  async restoreTurn(turn: Turn): Promise<void> {
    const { turns } = this.chat;
    const index = turns.findIndex(({ created }) => created > turn.created);
    turns.splice(index === -1 ? turns.length : index, 0, turn);
    this.chat.conversation = null;
    this.#options.onTurns();
    await this.#save([turn]);
  }

  /**
   * Sets what the model is told before all else.
   *
   * @param system The words.
   */
  async instruct(system: string): Promise<void> {
    this.chat.system = system;
    this.chat.conversation = null;
    if (this.chat.turns.length > 0) await this.#save([]);
    this.#options.onTurns();
  }

  /** Takes a message and what follows it away. */
  async #cut(turn: Turn): Promise<void> {
    const { chat } = this;
    const removed = chat.turns.splice(chat.turns.indexOf(turn));
    await this.#remove(removed);
  }

  async #remove(removed: readonly Turn[]): Promise<void> {
    // The server's thread still has them.
    this.chat.conversation = null;
    this.#options.onTurns();
    await this.#keep(this.#options.store.removeTurns(this.chat, removed));
  }

  /** Sends a refused message once more. */
  async #allow(turn: Turn | undefined): Promise<void> {
    if (turn?.state !== "refused") return;
    Object.assign(turn, { state: "whole", note: "" });
    await this.#save([turn]);
  }

  async #answer(model: Model): Promise<void> {
    const { chat } = this;
    const { withKey, onTurns, onGrowth, bytes } = this.#options;
    const turn = addTurn(chat, {
      role: "assistant",
      state: "writing",
      model: model.id,
    });
    const controller = new AbortController();
    const { signal } = controller;
    const running = { chat, controller };
    this.#running.set(chat.id, running);
    const release = holdAnswer(turn.id);
    onTurns();
    await this.#save([turn], chat);
    let timer: number | undefined;
    const onChange = () => {
      if (this.chat === chat) onGrowth(turn);
      timer ??= setTimeout(() => {
        timer = undefined;
        void this.#save([turn], chat);
      }, SAVE_INTERVAL);
    };
    try {
      await withKey((key) =>
        receive(chat, turn, { model, bytes: bytes(), key, signal, onChange })
      );
      turn.state = "whole";
    } catch (error) {
      endAnswer(chat, turn, signal.aborted ? undefined : error);
    }
    clearTimeout(timer);
    release();
    // Otherwise the chat is deleted.
    if (this.#running.get(chat.id) !== running) return;
    this.#running.delete(chat.id);
    if (this.chat === chat) onTurns();
    await this.#save(chat.turns.slice(-2), chat);
  }

  async #load(id: string): Promise<Chat | undefined> {
    const chat = await this.#keep(this.#options.store.load(id));
    const last = chat?.turns.at(-1);
    if (last?.state === "writing" && !(await isAnswerHeld(last.id))) {
      // Nobody writes on after the page has gone.
      Object.assign(last, {
        state: "stopped",
        note: "Stopped: the page was left. What had come is kept.",
      });
    }
    return chat;
  }

  async #save(changed: readonly Turn[], chat: Chat = this.chat): Promise<void> {
    chat.updated = Date.now();
    await this.#keep(this.#options.store.save(chat, changed));
  }

  async #keep<Value>(kept: Promise<Value>): Promise<Value | undefined> {
    try {
      return await kept;
    } catch (error) {
      this.#options.onLost(error);
      return undefined;
    }
  }
}
