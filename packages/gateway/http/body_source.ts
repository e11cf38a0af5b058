/**
 * What a body is read from.
 *
 * @module
 */

/** Gives the pieces of one body, each when it is asked for. */
export interface BodySource {
  /** Whether the piece that came last is the end. */
  readonly isOver: boolean;
  /**
   * After how many milliseconds of its silence the reader gets a comment;
   * `Infinity` is never.
   */
  readonly keepAlive: number;
  /**
   * Reads on.
   *
   * @returns The next piece, or `undefined` where there is none.
   */
  next(): Promise<Uint8Array | string | undefined>;
  /**
   * Ends it early; a `next()` that waits then settles.
   *
   * @param reason Why.
   */
  close(reason: unknown): Promise<void>;
}

/**
 * Makes a source of a stream, which may end before its reader asks for that end.
 *
 * @param stream The stream.
 */
export function toBodySource(stream: ReadableStream<Uint8Array>): BodySource {
  const reader = stream.getReader();
  const source: BodySource & { isOver: boolean } = {
    isOver: false,
    keepAlive: Infinity,
    next: async () => (await reader.read()).value,
    close: (reason) => reader.cancel(reason),
  };
  reader.closed.then(() => source.isOver = true, () => {});
  return source;
}
