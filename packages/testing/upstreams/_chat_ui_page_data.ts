import { stringify } from "devalue";
import type { StoredConversation } from "./_chat_ui_conversations.ts";

/** A node of SvelteKit's page data: one of a layout or a page. */
export type PageNode =
  | { readonly type: "data"; readonly value: unknown; readonly uses: unknown }
  | {
    readonly type: "error";
    readonly error: { readonly message: string };
    readonly status: number;
  }
  | { readonly type: "skip" }
  | null;

/** The nodes of a page as SvelteKit sends them to its client. */
export function toPageDataResponse(nodes: readonly PageNode[]): Response {
  const chunks: string[] = [];
  // A promise is written as its id, and its value follows on a line of its own.
  const reducers = {
    Promise(value: unknown): number | false {
      if (!(value instanceof Deferred)) return false;
      const data = stringify(value.value);
      const id = chunks.push(
        `{"type":"chunk","id":${chunks.length + 1},"data":${data}}\n`,
      );
      return id;
    },
  };
  const texts = nodes.map((node) =>
    node?.type === "data"
      ? `{"type":"data","data":${stringify(node.value, reducers)},"uses":${
        JSON.stringify(node.uses)
      }}`
      : JSON.stringify(node)
  );
  const body = `{"type":"data","nodes":[${texts.join(",")}]}\n${
    chunks.join("")
  }`;
  return new Response(body, {
    headers: {
      "cache-control": "private, no-store",
      "content-type": chunks.length > 0
        ? "text/sveltekit-data"
        : "application/json",
      vary: "Accept",
    },
  });
}

/** The node of a conversation's page. */
export function toConversationNode(
  conversation: StoredConversation,
  host: string,
): PageNode {
  const { messages, title, model, preprompt, rootMessageId } = conversation;
  return {
    type: "data",
    value: {
      messages,
      title,
      model,
      preprompt,
      rootMessageId,
      assistant: null,
      shared: false,
    },
    uses: {
      // The real server believes to be behind https.
      dependencies: [`https://${host}/conversation/conversation`],
      params: ["id"],
    },
  };
}

/** The node of a page that could not be loaded; the response is a 200. */
export function toErrorNode(status: number, message: string): PageNode {
  return { type: "error", error: { message }, status };
}

/** The node of the layout around every page. */
export function toLayoutNode(
  conversations: readonly StoredConversation[],
  models: readonly string[],
): PageNode {
  return {
    type: "data",
    value: {
      nConversations: conversations.length,
      conversations: conversations.map(({ id, title, model, updatedAt }) => ({
        id,
        title,
        model,
        updatedAt,
        assistantId: undefined,
        avatarUrl: undefined,
      })),
      settings: {
        searchEnabled: false,
        ethicsModalAccepted: false,
        ethicsModalAcceptedAt: null,
        activeModel: models[0],
        hideEmojiOnSidebar: false,
        shareConversationsWithModelAuthors: true,
        customPrompts: {},
        assistants: [],
        tools: [],
        disableStream: false,
        directPaste: false,
      },
      models: models.map((id) => ({ ...MODEL, id, name: id, displayName: id })),
      oldModels: [],
      tools: [],
      communityToolCount: 0,
      assistants: new Deferred([]),
      user: undefined,
      isAdmin: false,
      assistant: null,
      enableAssistants: false,
      enableAssistantsRAG: false,
      enableCommunityTools: false,
      loginRequired: false,
      loginEnabled: false,
      guestMode: false,
      publicConfig: {
        PUBLIC_APP_NAME: "ChatUI",
        PUBLIC_APP_ASSETS: "chatui",
        PUBLIC_SMOOTH_UPDATES: "false",
        PUBLIC_ORIGIN: "",
      },
    },
    uses: { dependencies: ["conversation:list"] },
  };
}

const MODEL = {
  websiteUrl: undefined,
  modelUrl: undefined,
  tokenizer: undefined,
  datasetName: undefined,
  datasetUrl: undefined,
  description: undefined,
  reasoning: false,
  logoUrl: undefined,
  promptExamples: undefined,
  parameters: {
    max_new_tokens: 256,
    stop: ["<stop>"],
    stop_sequences: ["<stop>"],
  },
  preprompt: "",
  multimodal: false,
  multimodalAcceptedMimetypes: undefined,
  tools: false,
  unlisted: false,
  hasInferenceAPI: false,
};

/** A value that the real server has not yet when it begins to answer. */
class Deferred {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }
}
