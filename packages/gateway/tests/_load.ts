import type { GatewayOptions, LogEntry } from "../mod.ts";
import { joinChunks, open, readEvents } from "./_gateway.ts";
import { TestServer } from "./_server.ts";

/** What every upstream says, in its pieces. */
export const TOKENS: readonly string[] = Array.from(
  { length: 8 },
  (_, index) => ` Grüße ${index} 👋🏽`,
);

/** How a stream ended. */
export interface StreamEnd {
  readonly text: string;
  /** The code of the error in its place; none where the answer is whole. */
  readonly code?: string;
}

/** A gateway that is served, and of which a test knows what it has let go. */
export class Service implements AsyncDisposable {
  /** One for each request that is over. */
  readonly entries: LogEntry[] = [];
  readonly #handled: WeakRef<Request | Response>[] = [];
  readonly #server: TestServer;

  constructor(options: GatewayOptions) {
    const gateway = open({
      log: (entry) => this.entries.push(entry),
      ...options,
    });
    this.#server = new TestServer(async (request) => {
      const response = await gateway(request);
      this.#handled.push(new WeakRef(request), new WeakRef(response));
      return response;
    });
  }

  /** How many requests and responses something still refers to. */
  get kept(): number {
    return this.#handled.filter((one) => one.deref() !== undefined).length;
  }

  /** Asks for a stream. */
  ask(model: string, signal?: AbortSignal): Promise<Response> {
    const messages = [{ role: "user", content: "Hello" }];
    return fetch(`${this.#server.origin}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model, messages, stream: true }),
      ...(signal && { signal }),
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#server[Symbol.asyncDispose]();
  }
}

/**
 * Reads a stream to its end.
 *
 * @throws {Error} If it ends with neither `[DONE]` nor an error.
 */
export async function readEnd(response: Response): Promise<StreamEnd> {
  const events = await readEvents(response);
  const [type = "", data = ""] = events.at(-1) ?? [];
  const chunks = events.slice(0, -1).map(([, data]) => JSON.parse(data));
  const text = joinChunks(chunks);
  if (type === "error") return { text, code: JSON.parse(data).error.code };
  if (data === "[DONE]") return { text };
  throw new Error(`Stream is cut after "${text}"`);
}

/** Waits for something that comes about soon. */
export async function waitUntil(isTrue: () => boolean): Promise<void> {
  for (let turn = 0; !isTrue() && turn < 200; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
