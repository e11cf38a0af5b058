/**
 * Pages where an answer should be.
 *
 * @module
 */

import { ProviderError } from "../chat/errors.ts";

/**
 * Lets through what is called a page and is none: many servers, such as those in
 * PHP, call everything one.
 *
 * @param body The body of a response of type `text/html`.
 * @param status Its status.
 * @returns The same, which fails with code `bad-response` where it is a page.
 */
export function refusePage(
  body: ReadableStream<Uint8Array>,
  status: number,
): ReadableStream<Uint8Array> {
  const decoder = new TextDecoder();
  let isStart = true;
  return body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(piece, controller) {
        const text = isStart
          ? decoder.decode(piece.subarray(0, 64)).trim()
          : "";
        if (text.startsWith("<")) {
          throw new ProviderError(
            "Response is a page: the server may be asleep, or want a login",
            { code: "bad-response", status },
          );
        }
        // White space alone says nothing yet.
        isStart &&= text === "";
        controller.enqueue(piece);
      },
    }),
  );
}
