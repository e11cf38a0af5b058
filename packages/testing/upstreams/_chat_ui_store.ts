import { answerInto, type ChatUiTurn, toLine } from "./_chat_ui_answer.ts";
import {
  copyMessages,
  type StoredConversation,
} from "./_chat_ui_conversations.ts";
import { Generation } from "./_chat_ui_generation.ts";
import type { ChatUiUpstreamOptions } from "./_chat_ui_options.ts";
import { refuse } from "./_chat_ui_request.ts";
import { toStreamingBody } from "./_streaming_body.ts";

const MINUTE = 60 * 1000;

/** What a chat-ui server remembers, and the answers that it makes. */
export class ChatUiStore {
  readonly conversations = new Map<string, StoredConversation>();
  /** The answers of each conversation, the newest last. */
  readonly generations = new Map<string, Generation[]>();
  /** Files by their hashes. */
  readonly files: Map<string, Uint8Array<ArrayBuffer>>;
  readonly #options: ChatUiUpstreamOptions;
  /** When each session sent its messages. */
  readonly #sendings = new Map<string, number[]>();

  constructor(options: ChatUiUpstreamOptions) {
    this.#options = options;
    this.files = new Map(Object.entries(options.files ?? {}));
  }

  /** Gives a conversation to whom it belongs. */
  find(id: string, session: string): StoredConversation {
    if (!/^[0-9a-f]{24}$/.test(id)) {
      throw new TypeError("Invalid conversation id");
    }
    const conversation = this.conversations.get(id);
    if (conversation?.session !== session) {
      throw refuse(404, "Conversation not found");
    }
    return conversation;
  }

  /** The conversations of a session. */
  listOf(session: string): readonly StoredConversation[] {
    return [...this.conversations.values()]
      .filter((conversation) => conversation.session === session);
  }

  /** Counts a message: how many a session has sent within a minute. */
  countSending(session: string): number {
    const now = Date.now();
    const recent = (this.#sendings.get(session) ?? [])
      .filter((time) => now - time < MINUTE);
    this.#sendings.set(session, [...recent, now]);
    return recent.length + 1;
  }

  /** Answers in a copy, which overwrites what is stored when the body ends. */
  generate(
    stored: StoredConversation,
    generationId: string | undefined,
    turn: ChatUiTurn,
  ): ReadableStream<Uint8Array<ArrayBuffer>> {
    const generation = new Generation(generationId ?? crypto.randomUUID());
    if (this.#options.version === "2026-08") {
      turn.message.generationId = generation.id;
    }
    const others = this.generations.get(stored.id) ?? [];
    this.generations.set(stored.id, [...others, generation]);
    const isNewest = this.#options.version === "2026-08";
    const options = { ...this.#options, isNewest };

    function store(): void {
      if (isNewest) turn.message.materializedSeq = generation.length;
      turn.message.updates ??= [{ type: "status", status: "started" }];
      stored.messages = copyMessages(
        turn.conversation.messages,
        isNewest ? [] : undefined,
      );
      generation.end();
    }
    async function* generate(signal: AbortSignal) {
      try {
        for await (const update of answerInto(turn, options, signal)) {
          if (update.type === "title") stored.title = turn.conversation.title;
          yield update;
        }
      } finally {
        store();
      }
    }
    async function record(): Promise<void> {
      for await (const update of generate(generation.signal)) {
        generation.push(update);
      }
    }

    if (isNewest) {
      // It goes on, whoever reads.
      void record();
      return generation.toBody();
    }
    return toStreamingBody(async function* (left) {
      const signal = AbortSignal.any([left, generation.signal]);
      for await (const update of generate(signal)) yield toLine(update);
    }, () => {
      // Where nobody has read, the generator has not begun.
      if (generation.isRunning) store();
    });
  }
}
