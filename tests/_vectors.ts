import { decodeBase64 } from "@std/encoding/base64";
import { concatBytes, toBytes, toSingleBytes } from "./_body.ts";
import { createRandom } from "../packages/testing/random.ts";
import { cutRandomly } from "./_random.ts";

/** Text, bytes, or a character that is repeated. */
type Chunk =
  | string
  | { readonly base64: string }
  | { readonly repeat: string; readonly count: number };

/** The input of a case: chunks, or text of which each byte comes by itself. */
export type VectorInput =
  | { readonly chunks: readonly Chunk[] }
  | { readonly bytewise: string };

/** How to make a long input. */
export interface Recipe {
  readonly prefix: string;
  readonly repeat: string;
  readonly count: number;
  readonly suffix: string;
  readonly chunkBytes: number;
}

/** Reads a file of `tests/fixtures/vectors/`. */
export async function readVectors<T>(name: string): Promise<T> {
  const url = new URL(`./fixtures/vectors/${name}.json`, import.meta.url);
  return JSON.parse(await Deno.readTextFile(url));
}

function toChunk(chunk: Chunk): Uint8Array {
  if (typeof chunk === "string") return toBytes(chunk);
  return "base64" in chunk
    ? decodeBase64(chunk.base64)
    : toBytes(chunk.repeat.repeat(chunk.count));
}

/** The chunks of a case as they are given. */
export function toChunks(input: VectorInput): Uint8Array[] {
  return "chunks" in input
    ? input.chunks.map(toChunk)
    : toSingleBytes(toBytes(input.bytewise));
}

/** The bytes of a case, cut in every way that a reader must not notice. */
export function toChunkings(
  input: VectorInput,
): { readonly how: string; readonly chunks: readonly Uint8Array[] }[] {
  const chunks = toChunks(input);
  const bytes = concatBytes(chunks);
  return [
    { how: "as given", chunks },
    { how: "in one chunk", chunks: [bytes] },
    { how: "byte by byte", chunks: toSingleBytes(bytes) },
    ...[1, 2, 3].map((seed) => ({
      how: `cut by seed ${seed}`,
      chunks: cutRandomly(bytes, createRandom(seed)),
    })),
  ];
}

/** Makes a long input without holding it. */
export function* toGeneratedChunks(
  { prefix, repeat, count, suffix, chunkBytes }: Recipe,
): Generator<string> {
  yield prefix;
  const perChunk = Math.ceil(chunkBytes / repeat.length);
  const full = repeat.repeat(perChunk);
  for (let left = count; left > 0; left -= perChunk) {
    yield left >= perChunk ? full : repeat.repeat(left);
  }
  yield suffix;
}
