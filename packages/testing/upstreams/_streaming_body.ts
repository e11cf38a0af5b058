/**
 * Makes a response body of the pieces of text that a generator gives, each only
 * when the reader asks for it. The signal that the generator gets is aborted
 * when the reader leaves.
 *
 * @param generate Gives the pieces.
 * @param onLeave Is called where the reader leaves, once the generator has ended.
 */
export function toStreamingBody(
  generate: (signal: AbortSignal) => AsyncGenerator<string>,
  onLeave = () => {},
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const left = new AbortController();
  const encoder = new TextEncoder();
  const pieces = generate(left.signal);
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await pieces.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel(reason) {
      // First the signal: `return()` waits until a pending `next()` has ended.
      left.abort(reason);
      await pieces.return(undefined);
      onLeave();
    },
  }, { highWaterMark: 0 });
}
