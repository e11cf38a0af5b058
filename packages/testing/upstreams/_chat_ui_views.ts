import { toApiResponse, toSuperJson } from "./_chat_ui_api.ts";
import { toEnd } from "./_chat_ui_generation.ts";
import {
  type PageNode,
  toConversationNode,
  toErrorNode,
  toLayoutNode,
  toPageDataResponse,
} from "./_chat_ui_page_data.ts";
import type { ChatUiStore } from "./_chat_ui_store.ts";

const FOREIGN = "You don't have access to this conversation. " +
  "If someone gave you this link, ask them to use the 'share' feature instead.";

/** Shows what a chat-ui server remembers. */
export class ChatUiViews {
  readonly #store: ChatUiStore;
  readonly #models: readonly string[];
  readonly #isNewest: boolean;

  constructor(
    store: ChatUiStore,
    models: readonly string[],
    isNewest: boolean,
  ) {
    this.#store = store;
    this.#models = models;
    this.#isNewest = isNewest;
  }

  /** The log of an answer. */
  reattach(request: Request, id: string, session: string): Response {
    const { searchParams } = new URL(request.url);
    const generations =
      this.#store.generations.get(this.#store.find(id, session).id) ?? [];
    const name = searchParams.get("generationId");
    const generation = generations.findLast(({ id }) =>
      name === null || id === name
    );
    const lastEventId = request.headers.get("last-event-id") ??
      searchParams.get("fromSeq");
    return new Response(
      generation?.toLog(Number(lastEventId ?? 0)) ?? toEnd("gone"),
      {
        headers: {
          "cache-control": "no-cache, no-transform",
          "content-type": "text/event-stream",
          "x-accel-buffering": "no",
        },
      },
    );
  }

  /** A file of a conversation. */
  toFile(id: string, session: string, hash: string): Response {
    this.#store.find(id, session);
    const bytes = this.#store.files.get(hash);
    if (bytes === undefined) throw new Error("File not found");
    return new Response(bytes, {
      headers: { "content-type": "application/octet-stream" },
    });
  }

  /** The data of a page. */
  toPageData(url: URL, id: string, session: string): Response {
    const invalidated = url.searchParams.get("x-sveltekit-invalidated") ?? "11";
    const [layout, page] = invalidated;
    const layoutNode: PageNode = layout === "0"
      ? { type: "skip" }
      : toLayoutNode(this.#store.listOf(session), this.#models);
    if (this.#isNewest) return toPageDataResponse([layoutNode, null]);
    return toPageDataResponse([
      layoutNode,
      page === "0" ? { type: "skip" } : this.#toPageNode(url.host, id, session),
    ]);
  }

  #toPageNode(host: string, id: string, session: string): PageNode {
    const conversation = this.#store.conversations.get(id);
    if (conversation === undefined) {
      return toErrorNode(404, "Conversation not found.");
    }
    return conversation.session === session
      ? toConversationNode(conversation, host)
      : toErrorNode(403, FOREIGN);
  }

  /** A conversation as the newer JSON interface gives it. */
  toApi(id: string, session: string): Response {
    const conversation = this.#store.conversations.get(id);
    const message = "Conversation not found.";
    return conversation?.session === session
      ? toApiResponse(toSuperJson(conversation))
      : toApiResponse({ message }, { status: 404 });
  }
}
