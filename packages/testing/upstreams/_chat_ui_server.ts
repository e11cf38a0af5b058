import * as z from "zod/mini";
import { answerInto } from "./_chat_ui_answer.ts";
import { toApiResponse } from "./_chat_ui_api.ts";
import {
  createConversation,
  type StoredConversation,
  type StoredMessage,
} from "./_chat_ui_conversations.ts";
import {
  type PageNode,
  toConversationNode,
  toErrorNode,
  toLayoutNode,
  toPageDataResponse,
} from "./_chat_ui_page_data.ts";
import {
  checkOrigin,
  prefersHtml,
  readSession,
  refuse,
  toInternalError,
  toSetCookie,
} from "./_chat_ui_request.ts";
import { addTurn, Turn } from "./_chat_ui_turn.ts";
import type { ChatUiUpstreamOptions } from "./_chat_ui_options.ts";
import { toStreamingBody } from "./_streaming_body.ts";

const MODELS = [
  "command-a-03-2025",
  "command-r-plus-08-2024",
  "command-r-08-2024",
  "command-r-plus",
  "command-r",
  "command-r7b-12-2024",
  "command-r7b-arabic-02-2025",
];

const FOREIGN = "You don't have access to this conversation. " +
  "If someone gave you this link, ask them to use the 'share' feature instead.";

const MINUTE = 60 * 1000;

const Creation = z.object({
  model: z.string(),
  preprompt: z.optional(z.string()),
});

/** A chat-ui server and what it remembers. */
export class ChatUiServer {
  readonly #options: ChatUiUpstreamOptions;
  readonly #models: readonly string[];
  readonly #conversations = new Map<string, StoredConversation>();
  /** When each session sent its messages. */
  readonly #sendings = new Map<string, number[]>();

  constructor(options: ChatUiUpstreamOptions) {
    this.#options = options;
    this.#models = options.models ?? MODELS;
  }

  async respond(request: Request, path: string): Promise<Response> {
    checkOrigin(request);
    const session = readSession(request.headers);
    const response = await this.#route(request, path, session).catch(
      (error) => error instanceof Response ? error : toInternalError(),
    );
    if (request.method === "POST") {
      const { insecureCookies = false } = this.#options;
      const cookie = toSetCookie(session, insecureCookies);
      response.headers.append("set-cookie", cookie);
    }
    return response;
  }

  async #route(
    request: Request,
    path: string,
    session: string,
  ): Promise<Response> {
    const pattern =
      /^(\/conversation|\/api\/v2\/conversations)\/([^/]+)(\/.*)?$/;
    const [, base = path, id = "", rest = ""] = pattern.exec(path) ?? [];
    switch (`${request.method} ${base}${id && "/:id"}${rest}`) {
      case "POST /conversation":
        return this.#create(await request.text(), session);
      case "POST /conversation/:id":
        if (prefersHtml(request.headers)) return toPage();
        return await this.#send(request, id, session);
      case "POST /conversation/:id/stop-generating":
        return this.#stop(id, session);
      case "GET /conversation/:id/__data.json":
        return this.#toPageData(new URL(request.url), id, session);
      case "GET /api/v2/conversations/:id":
        if (this.#options.version === "2025-09") {
          return this.#toApi(id, session);
        }
    }
    return refuse(404, "Not Found");
  }

  #create(body: string, session: string): Response {
    const creation = Creation.safeParse(JSON.parse(body));
    if (!creation.success || !this.#models.includes(creation.data.model)) {
      return refuse(400, "Invalid request");
    }
    const { conversations = Infinity } = this.#options.limits ?? {};
    if (this.#listOf(session).length > conversations) {
      return refuse(
        429,
        "You have reached the maximum number of conversations. Delete some to continue.",
      );
    }
    const { model, preprompt = "" } = creation.data;
    const conversation = createConversation(session, model, preprompt);
    this.#conversations.set(conversation.id, conversation);
    return Response.json({ conversationId: conversation.id });
  }

  async #send(
    request: Request,
    id: string,
    session: string,
  ): Promise<Response> {
    const conversation = this.#find(id, session);
    const { messageLength = Infinity, messagesPerMinute = Infinity } =
      this.#options.limits ?? {};
    // A refused message counts too.
    if (this.#countSending(session) > messagesPerMinute) {
      return refuse(429, "You are sending too many messages. Try again later.");
    }
    const data = (await request.formData()).get("data");
    if (typeof data !== "string" || data === "") {
      return refuse(400, "Invalid request");
    }
    const turn = Turn.parse(JSON.parse(data));
    if ((turn.inputs?.length ?? 0) > messageLength) {
      return refuse(400, "Message too long.");
    }
    const message = addTurn(conversation, turn);
    return new Response(this.#generate(message, conversation), {
      headers: { "content-type": "application/jsonl" },
    });
  }

  #generate(
    message: StoredMessage,
    conversation: StoredConversation,
  ): ReadableStream<Uint8Array<ArrayBuffer>> {
    const stop = new AbortController();
    conversation.generations.add(stop);
    const options = this.#options;
    return toStreamingBody(async function* (left) {
      const signal = AbortSignal.any([left, stop.signal]);
      try {
        yield* answerInto(message, conversation, options, signal);
      } finally {
        conversation.generations.delete(stop);
      }
    });
  }

  #stop(id: string, session: string): Response {
    const { generations } = this.#find(id, session);
    for (const generation of generations) generation.abort();
    return new Response();
  }

  #toPageData(url: URL, id: string, session: string): Response {
    if (this.#options.version === "2025-09") {
      return toPageDataResponse([null, null]);
    }
    const invalidated = url.searchParams.get("x-sveltekit-invalidated") ?? "11";
    const [layout, page] = invalidated;
    return toPageDataResponse([
      layout === "0"
        ? { type: "skip" }
        : toLayoutNode(this.#listOf(session), this.#models),
      page === "0" ? { type: "skip" } : this.#toPageNode(url.host, id, session),
    ]);
  }

  #toPageNode(host: string, id: string, session: string): PageNode {
    const conversation = this.#conversations.get(id);
    if (conversation === undefined) {
      return toErrorNode(404, "Conversation not found.");
    }
    return conversation.session === session
      ? toConversationNode(conversation, host)
      : toErrorNode(403, FOREIGN);
  }

  #toApi(id: string, session: string): Response {
    const conversation = this.#conversations.get(id);
    if (conversation === undefined) {
      return new Response("Conversation not found.", { status: 404 });
    }
    return conversation.session === session
      ? toApiResponse(conversation)
      : new Response(FOREIGN, { status: 403 });
  }

  #find(id: string, session: string): StoredConversation {
    if (!/^[0-9a-f]{24}$/.test(id)) {
      throw new TypeError("Invalid conversation id");
    }
    const conversation = this.#conversations.get(id);
    if (conversation?.session !== session) {
      throw refuse(404, "Conversation not found");
    }
    return conversation;
  }

  #listOf(session: string): readonly StoredConversation[] {
    return [...this.#conversations.values()]
      .filter((conversation) => conversation.session === session);
  }

  #countSending(session: string): number {
    const now = Date.now();
    const recent = (this.#sendings.get(session) ?? [])
      .filter((time) => now - time < MINUTE);
    this.#sendings.set(session, [...recent, now]);
    return recent.length + 1;
  }
}

/** The page that a browser would get, which a client cannot use. */
function toPage(): Response {
  return new Response('<!doctype html>\n<html lang="en"></html>\n', {
    headers: { allow: "GET", "content-type": "text/html" },
  });
}
