import type { Clock } from "@parley/chat";
import { SYSTEM_CLOCK } from "@parley/chat/provider";
import { createAdaptorServer } from "@hono/node-server";
import { Hono } from "hono";
import { once } from "node:events";
import type { Server } from "node:http";
import type { GatewayEnvironment } from "../http/gateway_environment.ts";
import { handleError } from "../http/handle_error.ts";
import { trackLifetime } from "../http/track_lifetime.ts";
import { answerUnknownPath } from "../http/methods.ts";

/** An application with what all others are built on. */
export function createApp(
  clock: Clock = SYSTEM_CLOCK,
): Hono<GatewayEnvironment> {
  const app = new Hono<GatewayEnvironment>();
  app.onError(handleError);
  app.notFound(answerUnknownPath(app));
  app.use(trackLifetime({ stallTimeout: 30_000, clock }));
  return app;
}

/** A handler behind a socket on loopback. */
export class TestServer implements AsyncDisposable {
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor(handler: (request: Request) => Response | Promise<Response>) {
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      handler,
    );
  }

  get port(): number {
    return this.#server.addr.port;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}

/** The same, behind the server that the documentation names. */
export class NodeServer implements AsyncDisposable {
  readonly #server: Server;
  readonly port: number;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.port = port;
  }

  static async start(
    handler: (request: Request, server: object) => Response | Promise<Response>,
  ): Promise<NodeServer> {
    const server = createAdaptorServer({
      fetch: handler,
      overrideGlobalObjects: false,
      // It would wait for the rest of a body for half a second.
      autoCleanupIncoming: false,
    }) as Server;
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    return new NodeServer(server, Number(Object(address).port));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}

/** A client that writes by hand, and leaves when it likes. */
export class RawClient implements Disposable {
  /** What has come so far. */
  received = "";
  /** Settles when the server has closed the connection. */
  readonly closed: Promise<void>;
  readonly #socket: Deno.TcpConn;
  #wake = Promise.withResolvers<void>();

  constructor(socket: Deno.TcpConn) {
    this.#socket = socket;
    this.closed = this.#read();
  }

  static async connect(port: number): Promise<RawClient> {
    return new RawClient(await Deno.connect({ hostname: "127.0.0.1", port }));
  }

  /** Sends text. */
  async send(text: string): Promise<void> {
    const bytes = new TextEncoder().encode(text);
    for (let sent = 0; sent < bytes.length;) {
      sent += await this.#socket.write(bytes.subarray(sent));
    }
  }

  /** Waits until some text has come. */
  async receive(text: string): Promise<void> {
    while (!this.received.includes(text)) await this.#wake.promise;
  }

  /** Leaves. */
  [Symbol.dispose](): void {
    try {
      this.#socket.close();
    } catch {
      // It has left already.
    }
  }

  async #read(): Promise<void> {
    const buffer = new Uint8Array(65_536);
    for (;;) {
      const size = await this.#socket.read(buffer).catch(() => null);
      if (size === null) return;
      this.received += new TextDecoder().decode(buffer.subarray(0, size));
      this.#wake.resolve();
      this.#wake = Promise.withResolvers();
    }
  }
}

/** Writes the head of a request, and its body where there is one. */
export function toRequestText(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  body = "",
): string {
  const lines = Object.entries({ host: "127.0.0.1", ...headers })
    .map(([name, value]) => `${name}: ${value}`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n${body}`;
}
