/**
 * Batches as a stream of the Web.
 *
 * @module
 */

import type { BatchSource } from "./batch_iterator.ts";

/** What a batch becomes. */
export interface PullStreamOptions<T, R> {
  /** Gives the chunks of a batch; none lets the stream pull on. */
  readonly toChunks: (batch: readonly T[]) => readonly R[];
  /**
   * Gives the last chunk of a stream whose source failed.
   *
   * @default {the stream fails as the source does}
   */
  readonly toLastChunk?: ((error: unknown) => R) | undefined;
}

/**
 * Makes a stream that pulls a batch only when its reader asks, and closes the
 * source when its reader leaves.
 *
 * @param source What to pull from.
 * @param options What a batch becomes.
 */
export function toPullStream<T, R>(
  source: BatchSource<T>,
  { toChunks, toLastChunk }: PullStreamOptions<T, R>,
): ReadableStream<R> {
  return new ReadableStream<R>({
    async pull(controller) {
      try {
        for (;;) {
          const batch = await source.next();
          if (batch === undefined) return controller.close();
          const chunks = toChunks(batch);
          for (const chunk of chunks) controller.enqueue(chunk);
          if (chunks.length > 0) return;
        }
      } catch (error) {
        // Also what its own reader cannot take ends the source.
        await source.close();
        if (toLastChunk === undefined) throw error;
        controller.enqueue(toLastChunk(error));
        controller.close();
      }
    },
    cancel: () => source.close(),
  }, { highWaterMark: 0 });
}
