import { IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** How many pieces a body may come in, however small they are. */
const MAX_CRUMBS = 4_096;

/** The fewest bytes that more pieces than those must have on average. */
const MIN_PIECE = 16;

/** How many requests a connection may send before they are answered. */
const MAX_PIPELINED = 16;

/**
 * Lets go of a connection whose body comes in crumbs. The gateway refuses them,
 * too, but the parser would go through all that has come by then, megabytes of
 * single bytes, before anybody else has a turn.
 */
export class BoundedMessage extends IncomingMessage {
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

/** Knows what its connections are doing. */
export interface ConnectionLimits {
  /**
   * Counts a request.
   *
   * @returns Whether it may be answered: one that is too many ends its connection.
   */
  take(request: IncomingMessage, response: ServerResponse): boolean;
}

/**
 * Lets go of connections that wait for headers for long, the first ones or the
 * next, and of those that send many requests at once: Deno has the options of
 * Node.js for that, and does not heed them.
 *
 * @param server The server.
 * @param headersTimeout For how many milliseconds a connection waits.
 */
export function limitConnections(
  server: Server,
  headersTimeout: number,
): ConnectionLimits {
  const requests = new WeakMap<Socket, number>();
  const timers = new WeakMap<Socket, ReturnType<typeof setTimeout>>();

  function wait(socket: Socket): void {
    timers.set(socket, setTimeout(() => socket.destroy(), headersTimeout));
  }

  function stopWaiting(socket: Socket): void {
    clearTimeout(timers.get(socket));
    timers.delete(socket);
  }

  function count(socket: Socket, change: 1 | -1): number {
    stopWaiting(socket);
    const open = (requests.get(socket) ?? 0) + change;
    requests.set(socket, open);
    if (open === 0 && !socket.destroyed) wait(socket);
    return open;
  }

  server.on("connection", (socket: Socket) => {
    wait(socket);
    socket.once("close", () => stopWaiting(socket));
  });

  return {
    take({ socket }, response) {
      // What the parser still reads of it has come before it was let go of.
      if (socket.destroyed) return false;
      if (count(socket, 1) > MAX_PIPELINED) {
        socket.destroy();
        return false;
      }
      response.once("close", () => count(socket, -1));
      return true;
    },
  };
}
