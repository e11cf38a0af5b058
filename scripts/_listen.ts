import { createAdaptorServer } from "@hono/node-server";
import { IncomingMessage } from "node:http";

/** Something that listens. */
export interface Listener extends AsyncDisposable {
  /** The port. */
  readonly port: number;
}

/** For how long a request may take until its headers are here, in milliseconds. */
const HEADERS_TIMEOUT = 10_000;

/** For how long a connection is kept on which nothing is asked, in milliseconds. */
const KEEP_ALIVE_TIMEOUT = 10_000;

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
 * Listens with the HTTP server of Node.js, which Deno has, too: `Deno.serve` 2.9
 * does not notice that a client leaves before its answer has a head, keeps a
 * connection that was told to close, and waits for headers for ever.
 *
 * @param handler Answers requests.
 * @param options Where it listens; port 0 takes a free one.
 */
export async function listen(
  handler: (request: Request) => Promise<Response>,
  { hostname, port }: { readonly hostname: string; readonly port: number },
): Promise<Listener> {
  const server = createAdaptorServer({
    fetch: handler,
    overrideGlobalObjects: false,
    serverOptions: {
      IncomingMessage: BoundedMessage,
      headersTimeout: HEADERS_TIMEOUT,
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT,
    },
  });
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
      if ("closeAllConnections" in server) server.closeAllConnections();
      await closed;
    },
  };
}
