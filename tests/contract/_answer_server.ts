import { CONVERSATION_ID, toPageData } from "../_chat_ui.ts";
import { type RawConnection, RawServer } from "../_raw_server.ts";
import type { ProviderCase } from "./_providers.ts";

/**
 * How long a socket may stay open: 200 ms by the promise, and as much again for
 * a machine that is busy.
 */
export const SOON = 400;

/** A provider's server on loopback, whose answers a test writes by hand. */
export class AnswerServer extends RawServer {
  readonly #answering = Promise.withResolvers<RawConnection>();
  readonly #stopped = Promise.withResolvers<void>();
  /** How many requests told the server to stop. */
  stops = 0;

  constructor(answer: (connection: RawConnection) => Promise<void>) {
    super(async (connection, { method, path }) => {
      if (path.endsWith("/stop-generating")) {
        this.stops++;
        await connection.respond(200, [], "");
        this.#stopped.resolve();
      } else if (path.endsWith("/conversation")) {
        const created = JSON.stringify({ conversationId: CONVERSATION_ID });
        await connection.respond(200, [], created);
      } else if (method === "GET") {
        await connection.respond(200, [], toPageData());
      } else {
        this.#answering.resolve(connection);
        await answer(connection);
      }
    });
  }

  /** The connection of the first request for an answer. */
  get answering(): Promise<RawConnection> {
    return this.#answering.promise;
  }

  /** Settles when the server was told to stop. */
  get stopped(): Promise<void> {
    return this.#stopped.promise;
  }
}

/** A server that begins an answer and then keeps its socket open. */
export function beginWith(
  { mediaType }: ProviderCase,
  text: string,
): AnswerServer {
  return new AnswerServer(async (connection) => {
    await connection.start(200, [["content-type", mediaType]]);
    await connection.send(text);
    await connection.closed;
  });
}
