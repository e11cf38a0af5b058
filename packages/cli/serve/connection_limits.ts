import { IncomingMessage, type Server, ServerResponse } from "node:http";
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

/**
 * Resets the connection of an answer that breaks off where its client does not
 * take it: the system would keep megabytes for that client, for minutes.
 */
export class BoundedResponse extends ServerResponse<BoundedMessage> {
  override destroy(error?: Error): this {
    if (this.socket?.writableNeedDrain) this.socket.resetAndDestroy();
    return super.destroy(error);
  }
}

/** Knows what its connections are doing. */
export interface ConnectionLimits {
  /**
   * Has a request answered, once those before it on its connection are: a client
   * that leaves is told to the first of them only. One that is too many ends the
   * connection.
   *
   * @param answer Answers it.
   */
  take(
    request: IncomingMessage,
    response: ServerResponse,
    answer: () => void,
  ): void;
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
  const queues = new WeakMap<Socket, (() => void)[]>();
  const timers = new WeakMap<Socket, ReturnType<typeof setTimeout>>();

  function wait(socket: Socket): void {
    timers.set(socket, setTimeout(() => socket.destroy(), headersTimeout));
  }

  function stopWaiting(socket: Socket): void {
    clearTimeout(timers.get(socket));
    timers.delete(socket);
  }

  server.on("connection", (socket: Socket) => {
    wait(socket);
    // It closes but once, and `once` keeps four objects more as long as it is open.
    socket.on("close", () => stopWaiting(socket));
  });

  return {
    take({ socket }, response, answer) {
      // What the parser still reads of it has come before it was let go of.
      if (!socket.writable) return;
      stopWaiting(socket);
      const queue = queues.get(socket) ?? [];
      queues.set(socket, queue);
      if (queue.push(answer) > MAX_PIPELINED) return void socket.destroy();
      response.on("close", () => {
        queue.shift();
        if (!socket.writable) return;
        if (queue.length === 0) wait(socket);
        else queue[0]?.();
      });
      if (queue.length === 1) answer();
    },
  };
}
