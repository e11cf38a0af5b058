import { createAdaptorServer } from "@hono/node-server";
import { createServer, IncomingMessage, Server } from "node:http";
import type { Socket } from "node:net";

/** Options of {@linkcode listen}. */
export interface ListenOptions {
  /** The address. */
  readonly hostname: string;
  /** The port; 0 takes a free one. */
  readonly port: number;
  /**
   * For how many milliseconds a connection waits for all headers of a request.
   *
   * @default {10_000}
   */
  readonly headersTimeout?: number;
}

/** Something that listens. */
export interface Listener extends AsyncDisposable {
  /** The port. */
  readonly port: number;
}

/** For how long a connection waits for all headers of a request, in milliseconds. */
const HEADERS_TIMEOUT = 10_000;

/** How many pieces a body may come in, however small they are. */
const MAX_CRUMBS = 4_096;

/** The fewest bytes that more pieces than those must have on average. */
const MIN_PIECE = 16;

/**
 * Lets go of a connection whose body comes in crumbs. The gateway refuses them,
 * too, but the parser would go through all that has come by then, megabytes of
 * single bytes, before anybody else has a turn.
 */
class BoundedMessage extends IncomingMessage {
  #pieces = 0;
  #bytes = 0;

  override push(chunk: Uint8Array | null, encoding?: BufferEncoding): boolean {
    this.#bytes += chunk?.length ?? 0;
    if (
      ++this.#pieces > MAX_CRUMBS && this.#bytes < MIN_PIECE * this.#pieces
    ) {
      this.socket.destroy();
      return false;
    }
    return super.push(chunk, encoding);
  }
}

/**
 * Lets go of connections that wait for headers for long, the first ones or the
 * next: Deno has the options of Node.js for that, and does not heed them.
 */
function limitWaits(server: Server, timeout: number): void {
  const requests = new WeakMap<Socket, number>();
  const timers = new WeakMap<Socket, ReturnType<typeof setTimeout>>();

  function wait(socket: Socket): void {
    const timer = setTimeout(() => socket.destroy(), timeout);
    timers.set(socket, timer);
  }

  function count(socket: Socket, change: 1 | -1): void {
    clearTimeout(timers.get(socket));
    const open = (requests.get(socket) ?? 0) + change;
    requests.set(socket, open);
    if (open === 0 && !socket.destroyed) wait(socket);
  }

  server.on("connection", (socket: Socket) => {
    wait(socket);
    socket.once("close", () => clearTimeout(timers.get(socket)));
  });
  server.on("request", ({ socket }, response) => {
    count(socket, 1);
    response.once("close", () => count(socket, -1));
  });
}

/**
 * Listens with the HTTP server of Node.js, which Deno has, too: `Deno.serve` 2.9
 * does not notice that a client leaves before its answer has a head, keeps a
 * connection that was told to close, and waits for headers for ever.
 *
 * @param handler Answers requests.
 * @param options Where it listens, and how long it waits.
 */
export async function listen(
  handler: (request: Request) => Promise<Response>,
  { hostname, port, headersTimeout = HEADERS_TIMEOUT }: ListenOptions,
): Promise<Listener> {
  const server = createAdaptorServer({
    fetch: handler,
    overrideGlobalObjects: false,
    createServer,
    serverOptions: { IncomingMessage: BoundedMessage },
  });
  if (!(server instanceof Server)) {
    throw new TypeError("Server speaks no HTTP/1");
  }
  limitWaits(server, headersTimeout);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject);
  server.listen(port, hostname, resolve);
  await promise;
  const address = server.address();
  if (address === null || typeof address === "string") {
    throw new TypeError("Server listens at no port");
  }
  return {
    port: address.port,
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((resolve) =>
        server.close(() => resolve())
      );
      server.closeAllConnections();
      await closed;
    },
  };
}
