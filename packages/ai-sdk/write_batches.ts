/**
 * Runs as they are written for the AI SDK.
 *
 * @module
 */

/** Writes the events of a run. */
export interface RunWriter<Event, Part> {
  /** Writes an event. */
  write(event: Event): Promise<void>;
  /** Takes what has been written since. */
  take(): readonly Part[];
}

/**
 * Writes a run, batch by batch. What is written of a batch comes before the
 * failure of a later event in it.
 *
 * @param batches The events of the run.
 * @param writer Writes them.
 * @returns What is written of each batch, never nothing.
 */
export async function* writeBatches<Event, Part>(
  batches: AsyncIterable<readonly Event[]>,
  writer: RunWriter<Event, Part>,
): AsyncGenerator<readonly Part[], undefined> {
  for await (const batch of batches) {
    try {
      for (const event of batch) await writer.write(event);
    } finally {
      const written = writer.take();
      if (written.length > 0) yield written;
    }
  }
}

/**
 * Makes a stream of what is written of a run.
 *
 * @param written What is written.
 * @param batches The events of the run, which whoever cancels ends at once.
 */
export function toStream<Part>(
  written: AsyncIterator<Part, undefined>,
  batches: AsyncIterator<unknown>,
): ReadableStream<Part> {
  return new ReadableStream<Part>({
    async pull(controller) {
      const { done, value } = await written.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await batches.return?.();
    },
  }, { highWaterMark: 0 });
}
