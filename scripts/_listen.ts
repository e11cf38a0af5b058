import { createAdaptorServer } from "@hono/node-server";

/** Something that listens. */
export interface Listener extends AsyncDisposable {
  /** The port. */
  readonly port: number;
}

/** For how long a request may take until its headers are here, in milliseconds. */
const HEADERS_TIMEOUT = 10_000;

/** For how long a connection is kept on which nothing is asked, in milliseconds. */
const KEEP_ALIVE_TIMEOUT = 10_000;

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
