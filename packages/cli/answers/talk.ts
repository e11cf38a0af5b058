import {
  type AssistantMessage,
  type ChatEvent,
  type ChatOptions,
  type ContentPart,
  type Conversation,
  type FinishReason,
  isProviderError,
  type Message,
  type PartialAnswer,
} from "@parley/chat";
import { toText } from "@parley/chat/provider";
import type { ChatStore, StoredChat } from "../chats/chat_store.ts";
import type { ChosenModel } from "../models/choose_model.ts";
import { toPrintableLine } from "../terminal/printable.ts";

/** How long a title may be. */
const MAX_TITLE = 60;

/** What a {@linkcode Talk} is made of. */
export interface TalkInit {
  /** The model to ask. */
  readonly model: ChosenModel;
  /** What the model is instructed with. */
  readonly system?: string | undefined;
  /** Settings of every request. */
  readonly options: ChatOptions;
  /** Where the chat is kept, if it is. */
  readonly store?: ChatStore | undefined;
  /** The chat to go on with. */
  readonly chat?: StoredChat | undefined;
}

/** What has come of an answer. */
interface Answer {
  readonly text: string;
  readonly title?: string | undefined;
  readonly conversation?: Conversation | undefined;
  readonly opaque?: AssistantMessage["opaque"];
}

/** Questions and answers, one after another, which are kept as they end. */
export class Talk {
  readonly #options: ChatOptions;
  readonly #store: ChatStore | undefined;
  #model: ChosenModel;
  #system: string | undefined;
  #id: number | undefined;
  #title: string | undefined;
  #conversation: Conversation | undefined;
  #messages: readonly Message[];

  /**
   * Makes a talk.
   *
   * @param init What it is made of.
   */
  constructor({ model, system, options, store, chat }: TalkInit) {
    this.#options = options;
    this.#store = store;
    this.#model = model;
    this.#system = system ?? chat?.system;
    this.#id = chat?.id;
    this.#title = chat?.title;
    this.#messages = chat?.messages ?? [];
    // A thread on a server has the instructions that it began with.
    this.#conversation = this.#system === chat?.system
      ? chat?.conversation
      : undefined;
  }

  /** The model that is asked. */
  get model(): ChosenModel {
    return this.#model;
  }

  set model(model: ChosenModel) {
    this.#model = model;
  }

  /** What the model is instructed with. */
  get system(): string | undefined {
    return this.#system;
  }

  set system(system: string | undefined) {
    this.#system = system;
    this.#conversation = undefined;
  }

  /** Begins a new chat with the same model and instructions. */
  begin(): void {
    this.#id = undefined;
    this.#title = undefined;
    this.#messages = [];
    this.#conversation = undefined;
  }

  /**
   * Asks, and keeps the question and its answer.
   *
   * @param content What is asked.
   * @param signal Ends the answer; what has come of it is kept.
   * @param print Takes each event.
   * @returns How the answer ended.
   * @throws {ProviderError} If the provider fails.
   * @throws The reason of the signal, if it aborts.
   */
  async ask(
    content: string | readonly ContentPart[],
    signal: AbortSignal,
    print: (event: ChatEvent) => Promise<void>,
  ): Promise<FinishReason> {
    const question: Message = { role: "user", content };
    const stream = this.#stream(question, signal);
    let answer: Answer = { text: "" };
    let reason: FinishReason = "other";
    try {
      for await (const event of stream) {
        answer = addEvent(answer, event);
        if (event.type === "finish") reason = event.reason;
        await print(event);
      }
    } catch (error) {
      if (this.#conversation !== undefined && isForgotten(error)) {
        this.#conversation = undefined;
        const message = "The server has forgotten the chat: it gets all of it";
        await print({ type: "warning", code: "forgotten", message });
        return await this.ask(content, signal, print);
      }
      const { partial } = stream;
      if (!isEmpty(partial)) {
        // What has been read is part of the chat, on the server or not.
        const { text, conversation } = partial;
        this.#keep(question, { ...answer, text, conversation });
      }
      throw error;
    }
    this.#keep(question, answer);
    return reason;
  }

  #stream(
    question: Message,
    signal: AbortSignal,
  ): ReturnType<ChosenModel["provider"]["stream"]> {
    const { provider, model } = this.#model;
    const conversation = this.#conversation?.provider === provider.id
      ? this.#conversation
      : undefined;
    const system: readonly Message[] = this.#system === undefined
      ? []
      : [{ role: "system", content: this.#system }];
    const earlier = conversation === undefined
      ? [...system, ...this.#messages]
      : [];
    return provider.stream([...earlier, question], {
      ...this.#options,
      model,
      conversation,
      signal,
    });
  }

  #keep(question: Message, answer: Answer): void {
    const { provider, model, name, baseUrl } = this.#model;
    const message: Message = {
      role: "assistant",
      content: answer.text,
      provider: provider.id,
      model,
      ...(answer.opaque !== undefined && { opaque: answer.opaque }),
    };
    const turn = [question, message];
    this.#messages = [...this.#messages, ...turn];
    this.#conversation = answer.conversation;
    this.#title ??= toPrintableLine(
      answer.title ?? toText(question),
      MAX_TITLE,
    );
    const facts = {
      title: this.#title,
      model: name,
      baseUrl,
      system: this.#system,
      conversation: this.#conversation,
    };
    this.#id = this.#store?.add(this.#id, facts, turn);
  }
}

function addEvent(answer: Answer, event: ChatEvent): Answer {
  switch (event.type) {
    case "text":
      return { ...answer, text: answer.text + event.text };
    case "image": {
      // The next request tells what the last answer was.
      const { url = "" } = event.image;
      const place = url.startsWith("http") ? url : "picture";
      return { ...answer, text: `${answer.text}![](${place})\n` };
    }
    case "title":
      return { ...answer, title: event.title };
    case "conversation":
      return { ...answer, conversation: event.conversation };
    case "finish":
      return {
        ...answer,
        text: event.text ?? answer.text,
        opaque: event.opaque,
      };
    default:
      return answer;
  }
}

/** Whether a server does not know a chat that it kept. */
function isForgotten(error: unknown): boolean {
  return isProviderError(error) && error.code === "conversation-expired";
}

function isEmpty({ text, images, conversation }: PartialAnswer): boolean {
  return text === "" && images.length === 0 && conversation === undefined;
}
