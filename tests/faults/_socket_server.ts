// Of all servers at hand, only that of Node can reset a connection.
import { createServer, type Server, type Socket } from "node:net";
import { CONVERSATION_ID, toPageData } from "../_chat_ui.ts";

/** Answers one request by hand: the socket stays open unless it is closed. */
export type SocketHandler = (socket: Socket, count: number) => void;

/** The head of a response whose body comes in chunks. */
export function toHead(mediaType: string): string {
  return "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n" +
    `content-type: ${mediaType}\r\n\r\n`;
}

/** One chunk of a body. */
export function toChunk(text: string): string {
  const { length } = new TextEncoder().encode(text);
  return `${length.toString(16)}\r\n${text}\r\n`;
}

/** A whole response that closes its connection. */
export function toWhole(status: number, head: string, body: string): string {
  const { length } = new TextEncoder().encode(body);
  return `HTTP/1.1 ${status} Status\r\nconnection: close\r\n` +
    `${head}content-length: ${length}\r\n\r\n${body}`;
}

function isWhole(request: string): boolean {
  const end = request.indexOf("\r\n\r\n");
  const length = /^content-length: *(\d+)/im.exec(request)?.[1] ?? "0";
  return end !== -1 && request.length >= end + 4 + Number(length);
}

/** A provider's server that breaks its connections as a test wants. */
export class SocketServer implements AsyncDisposable {
  /** How many requests for an answer have come. */
  answers = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(handler: SocketHandler) {
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
      // A client that leaves is no failure of the server.
      socket.on("error", () => {});
      let request = "";
      socket.on("data", (bytes: Uint8Array) => {
        request += new TextDecoder("latin1").decode(bytes);
        if (!isWhole(request)) return;
        const head = request.split("\r\n")[0] ?? "";
        request = "";
        this.#answer(socket, head, handler);
      });
    });
  }

  /** Starts a server; every request for an answer is left to a test. */
  static async start(handler: SocketHandler): Promise<SocketServer> {
    const server = new SocketServer(handler);
    await new Promise<void>((resolve) =>
      server.#server.listen(0, "127.0.0.1", resolve)
    );
    return server;
  }

  get origin(): string {
    const address = this.#server.address();
    if (address === null || typeof address === "string") {
      throw new Error("The server does not listen");
    }
    return `http://127.0.0.1:${address.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #answer(socket: Socket, head: string, handler: SocketHandler): void {
    const [method, path = ""] = head.split(" ");
    if (path.endsWith("/stop-generating")) {
      socket.end(toWhole(200, "", ""));
    } else if (path.endsWith("/conversation")) {
      const created = JSON.stringify({ conversationId: CONVERSATION_ID });
      socket.end(toWhole(200, "", created));
    } else if (method === "GET" && path.includes("__data.json")) {
      socket.end(toWhole(200, "", toPageData()));
    } else {
      handler(socket, ++this.answers);
    }
  }
}
