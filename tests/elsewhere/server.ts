import {
  type Answer,
  type AnswerContext,
  createAiChatsUpstream,
  createAmigoChatUpstream,
  createAutonomousAiUpstream,
  createChatUiUpstream,
  createOpenAiUpstream,
  echo,
  type Upstream,
} from "@parley/testing";
import { RawServer } from "../_raw_server.ts";

/** The servers of a case. */
export interface Origins {
  /** The origin of the page, where the case runs in one. */
  readonly own: string;
  /** Another, which lets every page read its answers. */
  readonly open: string;
  /** Another, which lets no page. */
  readonly closed: string;
  /** Another, where no answer ever comes. */
  readonly silence: string;
}

/** What a {@linkcode ElsewhereServer} has seen since it was last asked. */
export interface Seen {
  /** The answers that are under way, those that will never come included. */
  readonly open: number;
  readonly requests: readonly {
    readonly method: string;
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
  }[];
}

/** Options for {@linkcode ElsewhereServer}. */
export interface ElsewhereServerOptions {
  /** The folder whose files are below `/files/`. */
  readonly folder?: URL;
  /** Whether pages of other origins may read its answers. */
  readonly isOpen?: boolean;
}

/** Where each of the five is, below a way of answering. */
const UPSTREAMS: Readonly<Record<string, (prefix: string) => Upstream>> = {
  "ai-chats": (prefix) => createAiChatsUpstream({ prefix, answer }),
  "amigo-chat": (prefix) =>
    createAmigoChatUpstream({ prefix, answer, imageFormat: "b64_json" }),
  "autonomous-ai": (prefix) => createAutonomousAiUpstream({ prefix, answer }),
  "chat-ui": (prefix) => createChatUiUpstream({ prefix, answer }),
  "openai": (prefix) =>
    createOpenAiUpstream({ prefix, answer, imageFormat: "b64_json" }),
};

const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  json: "application/json",
  mjs: "text/javascript",
};

function answer(prompt: string, { messages }: AnswerContext): Answer {
  if (prompt === "Hang") return hang();
  return prompt === "Count" ? `${messages.length} messages` : echo(prompt);
}

async function* hang(): AsyncGenerator<string> {
  yield "One";
  await new Promise<never>(() => {});
}

/**
 * The five upstreams on one origin: `/whole/ai-chats` and so on. Below `/cut/`
 * each answer breaks off, and what is below `/moved/` is below `/whole/`.
 */
export class ElsewhereServer implements AsyncDisposable {
  readonly #options: ElsewhereServerOptions;
  readonly #upstreams = new Map<string, Upstream>();
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #closing = new AbortController();
  readonly #silence: RawServer;
  #requests: Seen["requests"][number][] = [];
  readonly #open = new Set<unknown>();

  constructor(options: ElsewhereServerOptions = {}) {
    this.#options = options;
    for (const [name, create] of Object.entries(UPSTREAMS)) {
      for (const prefix of [`/whole/${name}`, `/cut/${name}`]) {
        this.#upstreams.set(prefix, create(prefix));
      }
    }
    this.#silence = new RawServer(async (connection, { method, headers }) => {
      // A browser asks first whether it may, and waits for that come what may.
      if (method === "OPTIONS") {
        return await connection.respond(200, toShareHeaders(headers), "");
      }
      this.#open.add(connection);
      await connection.closed;
      this.#open.delete(connection);
    });
    const { signal } = this.#closing;
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, signal, onListen() {} },
      async (request) => this.#share(request, await this.#respond(request)),
    );
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#server.addr.port}`;
  }

  /** Another origin, where no answer ever comes. */
  get silence(): string {
    return this.#silence.origin;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await this.#server.finished;
    await this.#silence[Symbol.asyncDispose]();
  }

  async #respond(request: Request): Promise<Response> {
    const { method, url, headers } = request;
    const { pathname: path, search } = new URL(url);
    if (path === "/seen") return this.#tell();
    if (path.startsWith("/files/")) return await this.#serveFile(path);
    if (method === "OPTIONS") return new Response(null, { status: 204 });
    this.#requests.push({ method, path, headers: Object.fromEntries(headers) });
    const [, way = "", name = ""] = path.split("/");
    if (way === "moved") {
      const location = path.replace("moved", "whole") + search;
      return new Response(null, { status: 307, headers: { location } });
    }
    const body = method === "POST" ? await request.arrayBuffer() : null;
    const upstream = this.#upstreams.get(`/${way}/${name}`);
    if (upstream === undefined) return new Response("No", { status: 404 });
    const response = await upstream.fetch(url, { method, headers, body });
    const type = response.headers.get("content-type") ?? "";
    if (response.body === null || !/event-stream|jsonl/.test(type)) {
      return response;
    }
    const isCut = way === "cut";
    // An answer that is shorter than it says has its connection broken off.
    if (isCut) response.headers.set("content-length", "1000000");
    return new Response(this.#watch(response.body, isCut), response);
  }

  #tell(): Response {
    const seen: Seen = { open: this.#open.size, requests: this.#requests };
    this.#requests = [];
    return Response.json(seen, { headers: { "cache-control": "no-store" } });
  }

  async #serveFile(path: string): Promise<Response> {
    const { folder } = this.#options;
    if (folder === undefined) return new Response("No", { status: 404 });
    const type = TYPES[path.split(".").at(-1) ?? ""] ?? "text/plain";
    const file = await Deno.readFile(new URL(path.slice(7), folder));
    return new Response(file, { headers: { "content-type": type } });
  }

  /** Counts an answer as long as it is under way, and may end it early. */
  #watch(
    body: ReadableStream<Uint8Array<ArrayBuffer>>,
    isCut: boolean,
  ): ReadableStream<Uint8Array<ArrayBuffer>> {
    const reader = body.getReader();
    let pieces = 0;
    this.#open.add(reader);
    return new ReadableStream({
      pull: async (controller) => {
        if (isCut && pieces++ === 4) {
          this.#open.delete(reader);
          controller.close();
          return await reader.cancel();
        }
        const { done, value } = await reader.read();
        if (!done) return controller.enqueue(value);
        this.#open.delete(reader);
        controller.close();
      },
      cancel: async (reason) => {
        this.#open.delete(reader);
        await reader.cancel(reason);
      },
    }, { highWaterMark: 0 });
  }

  /** Lets pages of other origins read an answer, where it is to. */
  #share(request: Request, response: Response): Response {
    if (!this.#options.isOpen) return response;
    const shared = new Response(response.body, response);
    for (const [name, value] of toShareHeaders(request.headers)) {
      shared.headers.set(name, value);
    }
    return shared;
  }
}

/** The headers by which a server lets pages of other origins in. */
function toShareHeaders(request: Headers): readonly [string, string][] {
  const wanted = request.get("access-control-request-headers") ?? "*";
  return [
    ["access-control-allow-headers", wanted],
    ["access-control-allow-origin", "*"],
  ];
}
