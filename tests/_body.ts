/** A body of which a test knows how far it was read, and whether it was cancelled. */
export class TestBody {
  readonly stream: ReadableStream<Uint8Array<ArrayBuffer>>;
  /** How many chunks were asked for. */
  pulls = 0;
  /** Whether the reader left. */
  isCancelled = false;
  #controller: ReadableStreamDefaultController | undefined;

  /**
   * @param chunks The chunks in order.
   * @param end What comes after them: the end, silence, or an error.
   */
  constructor(
    chunks: Iterable<Uint8Array | string>,
    end: "close" | "hang" | Error = "close",
  ) {
    const iterator = chunks[Symbol.iterator]();
    this.stream = new ReadableStream({
      start: (controller) => {
        this.#controller = controller;
      },
      pull: (controller) => {
        this.pulls++;
        const { done, value } = iterator.next();
        if (!done) controller.enqueue(toBytes(value));
        else if (end === "close") controller.close();
        else if (end !== "hang") controller.error(end);
      },
      cancel: () => {
        this.isCancelled = true;
      },
    }, { highWaterMark: 0 });
  }

  /** Sends one more chunk, where the body hangs. */
  send(chunk: Uint8Array | string): void {
    this.#controller?.enqueue(toBytes(chunk));
  }

  /** Ends the body, where it hangs. */
  close(): void {
    this.#controller?.close();
  }
}

/** Bytes as they are, text as UTF-8. */
export function toBytes(data: Uint8Array | string): Uint8Array<ArrayBuffer> {
  return typeof data === "string"
    ? new TextEncoder().encode(data)
    : new Uint8Array(data);
}

/** Joins bytes. */
export function concatBytes(
  pieces: readonly Uint8Array[],
): Uint8Array<ArrayBuffer> {
  const size = pieces.reduce((sum, { length }) => sum + length, 0);
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const piece of pieces) {
    bytes.set(piece, offset);
    offset += piece.length;
  }
  return bytes;
}

/** Every byte by itself. */
export function toSingleBytes(bytes: Uint8Array): Uint8Array[] {
  return Array.from(bytes, (byte) => new Uint8Array([byte]));
}
