import * as z from "zod/mini";
import {
  toApiResponse,
  toConversationJson,
  toModelList,
  toSuperJson,
} from "./_chat_ui_api.ts";
import { copyMessages, createConversation } from "./_chat_ui_conversations.ts";
import {
  checkOrigin,
  prefersHtml,
  readSession,
  refuse,
  toInternalError,
  toLogin,
  toSetCookie,
} from "./_chat_ui_request.ts";
import { ChatUiStore } from "./_chat_ui_store.ts";
import { ChatUiViews } from "./_chat_ui_views.ts";
import { addTurn, readFiles, Turn } from "./_chat_ui_turn.ts";
import type { ChatUiUpstreamOptions } from "./_chat_ui_options.ts";
import { readFrom } from "./_reading.ts";

const MODELS = [
  "command-a-03-2025",
  "command-r-plus-08-2024",
  "command-r-08-2024",
  "command-r-plus",
  "command-r",
  "command-r7b-12-2024",
  "command-r7b-arabic-02-2025",
];

const Creation = z.object({
  model: z.string(),
  preprompt: z.optional(z.string()),
});

const Change = z.object({ model: z.string() });

/** A chat-ui server and what it remembers. */
export class ChatUiServer {
  readonly #options: ChatUiUpstreamOptions;
  readonly #isNewest: boolean;
  readonly #models: readonly string[];
  readonly #store: ChatUiStore;
  readonly #views: ChatUiViews;

  constructor(options: ChatUiUpstreamOptions) {
    this.#options = options;
    this.#isNewest = options.version === "2026-08";
    this.#models = options.models ?? MODELS;
    this.#store = new ChatUiStore(options);
    this.#views = new ChatUiViews(this.#store, this.#models, this.#isNewest);
  }

  async respond(request: Request, path: string): Promise<Response> {
    checkOrigin(request);
    const session = readSession(request.headers);
    const response = await this.#route(request, path, session).catch(
      (error) => error instanceof Response ? error : toInternalError(),
    );
    if (request.method === "POST" && response.status !== 401) {
      const { insecureCookies = false } = this.#options;
      const cookies = response.headers.getSetCookie();
      response.headers.set("set-cookie", toSetCookie(session, insecureCookies));
      for (const cookie of cookies) {
        response.headers.append("set-cookie", cookie);
      }
    }
    if (this.#isNewest) {
      const vary = response.headers.get("vary");
      response.headers.set("vary", `${vary ? `${vary}, ` : ""}Accept-Encoding`);
    }
    return response;
  }

  async #route(
    request: Request,
    path: string,
    session: string,
  ): Promise<Response> {
    const { method, url } = request;
    if (this.#options.login && method !== "GET") {
      throw toLogin(url, this.#isNewest && method === "POST");
    }
    const pattern =
      /^(\/conversation|\/api\/conversation|\/api\/v2\/conversations)\/([^/]+)(\/.*)?$/;
    const [, base = path, id = "", rest = ""] = pattern.exec(path) ?? [];
    switch (`${method} ${base}${id && "/:id"}${rest.split("/output/")[0]}`) {
      case "POST /conversation":
        return this.#create(await readFrom(request.text()), session);
      case "POST /conversation/:id":
        if (prefersHtml(request.headers)) return toPage();
        return await this.#send(request, id, session);
      case "PATCH /conversation/:id":
        return this.#change(await readFrom(request.text()), id, session);
      case "DELETE /conversation/:id":
        this.#store.conversations.delete(this.#store.find(id, session).id);
        return new Response();
      case "POST /conversation/:id/stop-generating":
        return this.#stop(id, session);
      case "GET /conversation/:id":
        if (rest !== "") return this.#views.toFile(id, session, rest.slice(8));
        break;
      case "GET /conversation/:id/__data.json":
        return this.#views.toPageData(new URL(url), id, session);
      case "GET /conversation/:id/stream":
        if (this.#isNewest) return this.#views.reattach(request, id, session);
        break;
      case "GET /api/conversation/:id":
        return Response.json(
          toConversationJson(this.#store.find(id, session), this.#isNewest),
        );
      case "GET /api/v2/conversations/:id":
        if (this.#isNewest) return this.#views.toApi(id, session);
        break;
      case "GET /api/models":
        return this.#isNewest
          ? toApiResponse(toModelList(this.#models))
          : Response.json(toModelList(this.#models));
      case "GET /api/v2/models":
        if (this.#isNewest) {
          const list = { json: toModelList(this.#models), meta: { v: 1 } };
          const headers = { "cache-control": "private, max-age=60" };
          return toApiResponse(list, { headers });
        }
    }
    return method === "GET"
      ? toPage(this.#isNewest ? 404 : 200)
      : refuse(404, "Not Found");
  }

  #create(body: string, session: string): Response {
    const creation = Creation.safeParse(JSON.parse(body));
    if (!creation.success || !this.#models.includes(creation.data.model)) {
      return refuse(400, "Invalid request");
    }
    const { conversations = Infinity } = this.#options.limits ?? {};
    if (this.#store.listOf(session).length > conversations) {
      return refuse(
        429,
        "You have reached the maximum number of conversations. Delete some to continue.",
      );
    }
    const { model, preprompt = "" } = creation.data;
    const conversation = createConversation(session, model, preprompt);
    this.#store.conversations.set(conversation.id, conversation);
    return Response.json({
      conversationId: conversation.id,
      ...(this.#isNewest && {
        conversation: JSON.stringify(toSuperJson(conversation)),
      }),
    });
  }

  #change(body: string, id: string, session: string): Response {
    const { model } = Change.parse(JSON.parse(body));
    const conversation = this.#store.find(id, session);
    if (!this.#models.includes(model)) throw new TypeError("Unknown model");
    conversation.model = model;
    return new Response();
  }

  async #send(
    request: Request,
    id: string,
    session: string,
  ): Promise<Response> {
    const conversation = this.#store.find(id, session);
    const {
      messages = Infinity,
      messageLength = Infinity,
      messagesPerMinute = Infinity,
    } = this.#options.limits ?? {};
    // A refused message counts too.
    if (this.#store.countSending(session) > messagesPerMinute) {
      return refuse(429, "You are sending too many messages. Try again later.");
    }
    if (conversation.messages.length > messages) {
      return refuse(
        429,
        `This conversation has more than ${messages} messages. Start a new one to continue`,
      );
    }
    const form = await readFrom(request.formData());
    const data = form.get("data");
    if (typeof data !== "string" || data === "") {
      return refuse(400, "Invalid request");
    }
    const turn = Turn.parse(JSON.parse(data));
    const files = await readFiles(form);
    if ((turn.inputs?.length ?? 0) > messageLength) {
      return refuse(400, "Message too long.");
    }
    for (const { value, bytes } of files) this.#store.files.set(value, bytes);
    const copy = {
      ...conversation,
      messages: copyMessages(conversation.messages),
    };
    const message = addTurn(copy, turn, files);
    conversation.messages = copyMessages(copy.messages);
    const body = this.#store.generate(conversation, turn.generationId, {
      conversation: copy,
      message,
      toolServers: turn.selectedMcpServerNames,
    });
    return new Response(body, {
      headers: { "content-type": "application/jsonl" },
    });
  }

  #stop(id: string, session: string): Response {
    const conversation = this.#store.find(id, session);
    for (
      const generation of this.#store.generations.get(conversation.id) ?? []
    ) {
      generation.stop();
    }
    return new Response();
  }
}

/** The page that a browser would get, which a client cannot use. */
function toPage(status = 200): Response {
  return new Response('<!doctype html>\n<html lang="en"></html>\n', {
    status,
    headers: {
      ...(status === 200 && { allow: "GET" }),
      "content-type": "text/html",
    },
  });
}
