import { createFailover, type FailoverOptions } from "../../failover/mod.ts";
import {
  type Conversation,
  createAiChats,
  createCohereC4aiCommand,
  type Provider,
} from "../../mod.ts";
import {
  type AnswerContext,
  createAiChatsUpstream,
  createChatUiUpstream,
  FakeClock,
  type Upstream,
} from "@parley/testing";

/** What a model was told, as one text a message. */
export type SentTexts = readonly string[];

/** Two servers: one keeps conversations, the other must be told everything. */
export interface Chats {
  /** What the model of chat-ui was told, turn by turn. */
  readonly chatUi: readonly SentTexts[];
  /** What the model of AiChats was told. */
  readonly aiChats: readonly SentTexts[];
  /** Whether chat-ui refuses everything. */
  isDown: boolean;
  /** Lets chat-ui forget all conversations. */
  forget(): void;
  /** Makes a failover to chat-ui, then AiChats, as an isolate of its own. */
  createFailover(options?: FailoverOptions): Provider;
}

/** Starts two servers, without a network. */
export function createChats(): Chats {
  const told: { readonly chatUi: SentTexts[]; readonly aiChats: SentTexts[] } =
    {
      chatUi: [],
      aiChats: [],
    };
  function answer(name: keyof typeof told) {
    return (_prompt: string, { messages }: AnswerContext) => {
      told[name].push(messages.map(({ content }) => content));
      return `${name} ${told[name].length}`;
    };
  }
  const createChatUi = () => createChatUiUpstream({ answer: answer("chatUi") });
  let chatUi: Upstream = createChatUi();
  const aiChats = createAiChatsUpstream({ answer: answer("aiChats") });
  const chats: Chats = {
    ...told,
    isDown: false,
    forget() {
      chatUi = createChatUi();
    },
    createFailover(options) {
      const clock = new FakeClock();
      return createFailover([
        createCohereC4aiCommand({
          clock,
          fetch: async (input, init) =>
            chats.isDown
              ? new Response(null, { status: 402 })
              : await chatUi.fetch(input, init),
        }),
        createAiChats({ clock, fetch: aiChats.fetch }),
      ], { clock, breaker: { failures: 100 }, ...options });
    },
  };
  return chats;
}

/** What comes back from storage, or from a client. */
export function store(conversation: Conversation | undefined): Conversation {
  return JSON.parse(JSON.stringify(conversation));
}
