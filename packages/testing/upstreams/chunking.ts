import { createRandom } from "../random.ts";

/**
 * How bytes are cut into pieces: all in one, each by itself, in pieces of a
 * size or of random sizes, or cut wherever a decoder may stumble: inside of
 * every character of more than one byte, or before every line feed, so that
 * CR LF and the two ends of an event fall apart.
 */
export type Chunking =
  | "whole"
  | "bytes"
  | "characters"
  | "line-ends"
  | { readonly size: number }
  | { readonly seed: number };

/**
 * Cuts the pieces of a body anew.
 *
 * @example Usage
 * ```ts
 * import { rechunk } from "@parley/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const pieces = await Array.fromAsync(
 *   rechunk([new TextEncoder().encode("é\r\n")], "characters"),
 * );
 *
 * assertEquals(pieces.map((piece) => [...piece]), [[0xc3], [0xa9, 13, 10]]);
 * ```
 *
 * @param pieces The pieces; their borders stay, except for `"whole"`.
 * @param chunking How they are cut.
 * @returns The new pieces, none of them empty.
 */
export async function* rechunk(
  pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  chunking: Chunking,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  if (chunking === "whole") {
    const parts: Uint8Array<ArrayBuffer>[] = [];
    for await (const piece of pieces) parts.push(new Uint8Array(piece));
    const whole = new Uint8Array(await new Blob(parts).arrayBuffer());
    if (whole.length > 0) yield whole;
    return;
  }
  const isCut = toCutTest(chunking);
  for await (const piece of pieces) {
    let start = 0;
    for (let index = 1; index < piece.length; index++) {
      if (!isCut(piece[index] ?? 0, index - start)) continue;
      yield piece.slice(start, index);
      start = index;
    }
    if (start < piece.length) yield piece.slice(start);
  }
}

/** Decides whether to cut before a byte, so many bytes after the last cut. */
function toCutTest(
  chunking: Exclude<Chunking, "whole">,
): (byte: number, length: number) => boolean {
  switch (chunking) {
    case "bytes":
      return () => true;
    case "characters":
      return (byte) => byte >= 0x80 && byte < 0xc0;
    case "line-ends":
      return (byte) => byte === 0x0a;
  }
  if ("size" in chunking) return (_byte, length) => length >= chunking.size;
  const random = createRandom(chunking.seed);
  return () => random() < 0.2;
}
