/**
 * JSON as an answer.
 *
 * @module
 */

/** What is longer is sent in pieces of so many bytes. */
const PIECE = 65_536;

/** Gives bytes piece by piece, each when it is asked for. */
function toPieces(bytes: Uint8Array): ReadableStream<Uint8Array> {
  let sent = 0;
  return new ReadableStream({
    pull(controller) {
      if (sent >= bytes.length) return controller.close();
      controller.enqueue(bytes.subarray(sent, sent += PIECE));
    },
  }, { highWaterMark: 0 });
}

/**
 * Makes an answer of JSON. A long one goes out in pieces, so that its place is
 * not free before its client has taken it, and who takes nothing is let go of.
 *
 * @param value Plain JSON.
 * @param headers More headers.
 * @returns The response.
 */
export function toJsonResponse(
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  const isLong = bytes.length > PIECE;
  return new Response(isLong ? toPieces(bytes) : bytes, {
    headers: {
      ...headers,
      "content-type": "application/json",
      ...(isLong && { "content-length": `${bytes.length}` }),
    },
  });
}
