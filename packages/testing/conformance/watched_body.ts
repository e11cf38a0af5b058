/** The body of a response, as its server sees it. */
export interface WatchedBody {
  /** The headers of its response. */
  readonly headers: Headers;
  /** How many bytes have been read of it. */
  readonly bytes: number;
  /** The first million characters or so of what has been read of it. */
  readonly text: string;
  /**
   * `open` while somebody may still read it; then `ended`, `broken`, or `left`
   * by its reader.
   */
  readonly state: "open" | "ended" | "broken" | "left";
  /** Whether its reader has cancelled it, and not only its request. */
  readonly isCancelled: boolean;
  /** Whether somebody waits for more of it. */
  readonly isAwaited: boolean;
}

/**
 * Watches the bodies of the responses that a `fetch` gives. As on a real
 * network, the signal of a request ends the body of its response, too.
 *
 * @param fetch What answers.
 * @param isWatched Whether to watch the response to a request, by its path.
 * @param bodies Gets each body that is watched.
 */
export function watchBodies(
  fetch: typeof globalThis.fetch,
  isWatched: (path: string) => boolean,
  bodies: WatchedBody[],
): typeof globalThis.fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const response = await fetch(request);
    const { status, statusText, headers } = response;
    if (response.body === null || !isWatched(new URL(request.url).pathname)) {
      return response;
    }
    const body = new Watch(response.body, headers, request.signal);
    bodies.push(body);
    return new Response(body.stream, { status, statusText, headers });
  };
}

/** An answer that is to take no memory must take none here, too. */
const MAX_TEXT = 1_000_000;

class Watch implements WatchedBody {
  readonly headers: Headers;
  readonly stream: ReadableStream<Uint8Array>;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #signal: AbortSignal;
  readonly #decoder = new TextDecoder();
  bytes = 0;
  text = "";
  state: WatchedBody["state"] = "open";
  isCancelled = false;
  isAwaited = false;

  constructor(
    body: ReadableStream<Uint8Array>,
    headers: Headers,
    signal: AbortSignal,
  ) {
    this.headers = headers;
    this.#reader = body.getReader();
    this.#signal = signal;
    this.stream = new ReadableStream<Uint8Array>({
      start: (controller) => {
        signal.addEventListener("abort", () => {
          if (this.state !== "open") return;
          controller.error(signal.reason);
          this.#leave(signal.reason).catch(() => {});
        }, { once: true });
      },
      pull: (controller) => this.#pull(controller),
      cancel: (reason) => {
        this.isCancelled = true;
        return this.#leave(reason);
      },
    }, { highWaterMark: 0 });
  }

  async #pull(
    controller: ReadableStreamDefaultController<Uint8Array>,
  ): Promise<void> {
    this.isAwaited = true;
    try {
      const { done, value } = await this.#reader.read();
      if (this.state !== "open") return;
      if (done) {
        this.state = "ended";
        controller.close();
      } else {
        this.bytes += value.length;
        const text = this.#decoder.decode(value, { stream: true });
        if (this.text.length < MAX_TEXT) this.text += text;
        controller.enqueue(value);
      }
    } catch (error) {
      if (this.state !== "open") return;
      this.state = this.#signal.aborted ? "left" : "broken";
      throw error;
    } finally {
      this.isAwaited = false;
    }
  }

  async #leave(reason: unknown): Promise<void> {
    this.state = "left";
    await this.#reader.cancel(reason);
  }
}
