import type { Upstream } from "../upstream.ts";

/** What was read of the body of a response. */
export interface CountedBody {
  /** How many bytes were taken. */
  readonly bytes: number;
  /** Whether the reader has left it. */
  readonly isCancelled: boolean;
}

/** Options of {@linkcode countFetch}. */
export interface CountOptions {
  /**
   * After so many bytes a body ends: what reads without bound ends, too.
   *
   * @default {64 MiB}
   */
  readonly maxBytes?: number | undefined;
}

/** A `fetch` of whose responses is counted what is read. */
export interface CountedFetch extends Pick<Upstream, "fetch"> {
  /** The bodies of the responses, in order. */
  readonly bodies: readonly CountedBody[];
}

/** Counts what is read of every response. */
export function countFetch(
  send: typeof fetch,
  { maxBytes = 64 * 1024 * 1024 }: CountOptions = {},
): CountedFetch {
  const bodies: CountedBody[] = [];
  return {
    bodies,
    async fetch(input, init) {
      const response = await send(input, init);
      const reader = response.body?.getReader();
      if (reader === undefined) return response;
      const watched = { bytes: 0, isCancelled: false };
      bodies.push(watched);
      const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
        async pull(controller) {
          const { done, value } = await reader.read();
          if (done || watched.bytes > maxBytes) return controller.close();
          watched.bytes += value.length;
          controller.enqueue(value);
        },
        async cancel(reason) {
          watched.isCancelled = true;
          await reader.cancel(reason);
        },
      }, { highWaterMark: 0 });
      return new Response(stream, response);
    },
  };
}
