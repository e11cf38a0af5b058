import { getRequestListener } from "@hono/node-server";
import { createServer } from "node:http";
import {
  BoundedMessage,
  BoundedResponse,
  limitConnections,
} from "./connection_limits.ts";

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

/**
 * How many connections wait to be taken. With the 511 of Node.js some of a
 * thousand that come at once are dropped, and try again only a second later.
 */
const BACKLOG = 4_096;

/** Why nothing can listen, and what to do, by the codes of Node.js. */
const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: "it is in use: end what listens there, or take another port " +
    "with --port or PARLEY_PORT (0 takes a free one)",
  EACCES: "this user may not: take a port from 1024 with --port or PARLEY_PORT",
  EADDRNOTAVAIL: "this machine has no such address: 0.0.0.0 is every one",
  ENOTFOUND: "nothing has this name: 0.0.0.0 is every address of this machine",
};

function toListenError(error: Error, hostname: string, port: number): Error {
  const code = "code" in error ? String(error.code) : "";
  const reason = REASONS[code] ?? error.message;
  return new Error(`Cannot listen at ${hostname}:${port}: ${reason}`, {
    cause: error,
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
  const answer = getRequestListener(handler, { overrideGlobalObjects: false });
  const server = createServer({
    IncomingMessage: BoundedMessage,
    ServerResponse: BoundedResponse,
  });
  const limits = limitConnections(server, headersTimeout);
  server.on("request", (request, response) => {
    limits.take(request, response, () => void answer(request, response));
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", (error) => reject(toListenError(error, hostname, port)));
  server.listen({ port, host: hostname, backlog: BACKLOG }, resolve);
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
