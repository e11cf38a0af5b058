import { type Clock, encodeBase64 } from "@parley/chat";
import { SYSTEM_CLOCK } from "@parley/chat/provider";
import type { RecordedLine } from "./_recorded_line.ts";
import { SecretFinder } from "./_secret_finder.ts";

/** Options for {@linkcode record}. */
export interface RecordOptions {
  /**
   * Takes the lines of an exchange when it is over.
   *
   * @param lines JSON lines, each with its end.
   */
  readonly write: (lines: string) => void;
  /**
   * Keys and the like that no line may hold. Those that requests carry in their
   * headers and URLs are known without it.
   *
   * @default {[]}
   */
  readonly secrets?: readonly string[] | undefined;
  /**
   * Where time comes from.
   *
   * @default {the clock of the machine}
   */
  readonly clock?: Clock | undefined;
}

/** One exchange that is recorded. */
class Exchange {
  readonly #lines: RecordedLine[] = [];
  readonly #options: RecordOptions;
  readonly #secrets: SecretFinder;
  readonly #number: number;
  readonly #start: number;
  /** The whole body as text: a secret may be cut by the network. */
  #body = "";
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });

  constructor(options: RecordOptions, secrets: SecretFinder, number: number) {
    this.#options = options;
    this.#secrets = secrets;
    this.#number = number;
    this.#start = this.#now();
  }

  #now(): number {
    return (this.#options.clock ?? SYSTEM_CLOCK).now();
  }

  add(fields: Omit<RecordedLine, "exchange" | "ms">): void {
    const ms = Math.round(this.#now() - this.#start);
    this.#lines.push({ exchange: this.#number, ms, ...fields });
  }

  addPiece(piece: Uint8Array): void {
    this.#body += this.#decoder.decode(piece, { stream: true });
    try {
      const decoder = new TextDecoder("utf-8", {
        fatal: true,
        ignoreBOM: true,
      });
      this.add({ text: decoder.decode(piece) });
    } catch {
      this.add({ base64: encodeBase64(piece) });
    }
  }

  /** Writes the exchange, without a body that holds a secret. */
  end(end: "whole" | "broken" | "left", error?: unknown): void {
    // What a platform says of a failure names where it was.
    const message = error instanceof Error
      ? error.message.replaceAll(/\w+:\/\/\S+/g, "<url>")
      : undefined;
    this.add({ end, ...(message !== undefined && { message }) });
    if (this.#holdsSecret()) {
      const kept = this.#lines.filter(({ request, response }) =>
        request ?? response
      );
      this.#lines.splice(0, Infinity, ...kept);
      this.add({ end: "refused" });
    }
    // A secret in the path, say, leaves nothing that could be written.
    if (this.#holdsSecret("")) return;
    this.#options.write(
      this.#lines.map((line) => `${JSON.stringify(line)}\n`).join(""),
    );
  }

  #holdsSecret(body = this.#body): boolean {
    return this.#secrets.isIn(body) ||
      this.#lines.some((line) => this.#secrets.isIn(JSON.stringify(line)));
  }
}

/** Hands a body on, and records it. */
function watch(
  body: ReadableStream<Uint8Array>,
  exchange: Exchange,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (!done) {
          exchange.addPiece(value);
          return controller.enqueue(value);
        }
        exchange.end("whole");
        controller.close();
      } catch (error) {
        exchange.end("broken", error);
        throw error;
      }
    },
    async cancel(reason) {
      exchange.end("left");
      await reader.cancel(reason);
    },
  }, { highWaterMark: 0 });
}

/**
 * Makes a `fetch` that records what it is answered: the heads, the pieces of each
 * body as the network brings them, and when they came. {@linkcode replay} answers
 * with it again, so that what happened to somebody becomes a test.
 *
 * Keys are left out: headers and queries lose their values, cookies too, and a
 * body that holds a key is refused. What was asked is not recorded; answers are,
 * as they are.
 *
 * @param fetch What asks.
 * @param options Where the lines go.
 * @returns The `fetch`, to be given to a provider.
 *
 * @example
 * ```ts
 * import { createAiChats } from "@parley/chat";
 * import { createAiChatsUpstream, record, replay } from "@parley/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const { fetch } = createAiChatsUpstream();
 * let lines = "";
 * const recording = record(fetch, { write: (more) => void (lines += more) });
 * const first = await createAiChats({ fetch: recording }).generate("Hello");
 *
 * const again = createAiChats({ fetch: replay(lines) });
 * assertEquals((await again.generate("Hello")).text, first.text);
 * ```
 */
export function record(
  fetch: typeof globalThis.fetch,
  options: RecordOptions,
): typeof globalThis.fetch {
  const secrets = new SecretFinder(options.secrets ?? []);
  let count = 0;
  return async (input, init) => {
    const exchange = new Exchange(options, secrets, count++);
    const given = input instanceof Request ? input : undefined;
    const url = given?.url ?? String(input);
    exchange.add({
      request: {
        method: init?.method ?? given?.method ?? "GET",
        url: secrets.toPublicUrl(url),
        headers: secrets.toPublicRequest(
          new Headers(init?.headers ?? given?.headers),
        ),
      },
    });
    let response: Response;
    try {
      response = await fetch(input, init);
    } catch (error) {
      const { aborted = false } = init?.signal ?? given?.signal ?? {};
      exchange.end(aborted ? "left" : "broken", error);
      throw error;
    }
    const { status, headers, body } = response;
    exchange.add({
      response: { status, headers: secrets.toPublicResponse(headers, url) },
    });
    if (body === null) {
      exchange.end("whole");
      return response;
    }
    return new Response(watch(body, exchange), response);
  };
}
