/**
 * Runs as they are written for the AI SDK.
 *
 * @module
 */

/**
 * Writes a run batch by batch. What was written before it fails comes before the
 * failure.
 *
 * @param batches The events of the run.
 * @param write Writes one event.
 * @returns What is written, never nothing.
 */
export async function* writeBatches<Event, Part>(
  batches: AsyncIterable<readonly Event[]>,
  write: (event: Event) => Promise<readonly Part[]>,
): AsyncGenerator<readonly Part[], undefined> {
  for await (const batch of batches) {
    const written: Part[] = [];
    try {
      for (const event of batch) written.push(...await write(event));
    } finally {
      if (written.length > 0) yield written;
    }
  }
}
