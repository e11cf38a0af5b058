import {
  type RawConnection,
  type RawServer,
  serveRaw,
} from "../../packages/testing/faults/_raw_server.ts";
import { CONVERSATION_ID, toPageData } from "../_chat_ui.ts";

/** Answers one request by hand: its connection stays open unless it is closed. */
export type SocketHandler = (connection: RawConnection) => Promise<void> | void;

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

/** Makes a handler that says something, and then no more. */
export function sayAndEnd(text: string): SocketHandler {
  return async (connection) => {
    await connection.write(text);
    connection.end();
  };
}

/** A provider's server that breaks its connections as a test wants. */
export class SocketServer implements AsyncDisposable {
  /** How many requests for an answer have come. */
  answers = 0;
  readonly origin: string;
  readonly #server: RawServer;

  private constructor(server: RawServer) {
    this.origin = `http://127.0.0.1:${server.port}`;
    this.#server = server;
  }

  /** Starts a server; every request for an answer is left to a test. */
  static async start(handler: SocketHandler): Promise<SocketServer> {
    const server = new SocketServer(
      await serveRaw(0, async (request, connection) => {
        const usual = toUsual(request);
        if (usual === undefined) server.answers++;
        await (usual ?? handler)(connection);
      }),
    );
    return server;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.close();
  }
}

/** Answers what no test is about; `undefined` for the answer itself. */
function toUsual({ method, url }: Request): SocketHandler | undefined {
  const { pathname: path } = new URL(url);
  if (path.endsWith("/stop-generating")) return sayAndEnd(toWhole(200, "", ""));
  if (path.endsWith("/conversation")) {
    const created = JSON.stringify({ conversationId: CONVERSATION_ID });
    return sayAndEnd(toWhole(200, "", created));
  }
  if (method === "GET" && path.endsWith("__data.json")) {
    return sayAndEnd(toWhole(200, "", toPageData()));
  }
  return undefined;
}
