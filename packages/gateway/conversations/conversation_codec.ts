/**
 * Conversations as bytes.
 *
 * @module
 */

import {
  type Conversation,
  parseConversation,
  ProviderError,
} from "@parley/chat";

/** The most bytes of a conversation as JSON. */
const MAX_BYTES = 1_048_576;

/** Shorter JSON is kept as it is: it would not get much shorter. */
const MIN_DEFLATED = 1_024;

/** The first byte: how the rest is to be read. */
const PLAIN = 0;
const DEFLATED = 1;

/**
 * Makes the error for a token that does not open, which does not say why.
 *
 * @returns The error.
 */
export function invalidConversation(): ProviderError {
  return new ProviderError("Conversation is not valid, or not any more", {
    code: "conversation-expired",
  });
}

/**
 * Makes the error for a conversation that has become too long to be kept.
 *
 * @param bytes How long it may be.
 * @returns The error.
 */
export function tooLargeConversation(bytes: number): ProviderError {
  return new ProviderError(
    `Cannot keep the conversation: it is larger than ${bytes} bytes`,
    { code: "too-large" },
  );
}

/** Sends bytes through a stream, and reads at most so many that come of it. */
async function pipe(
  bytes: Uint8Array<ArrayBuffer>,
  stream: TransformStream<BufferSource, Uint8Array>,
): Promise<Uint8Array<ArrayBuffer>> {
  const output = new Blob([bytes]).stream().pipeThrough(stream);
  const pieces: BlobPart[] = [];
  let size = 0;
  for await (const piece of output) {
    size += piece.length;
    // A few bytes may stand for many.
    if (size > MAX_BYTES) throw tooLargeConversation(MAX_BYTES);
    pieces.push(new Uint8Array(piece));
  }
  return new Uint8Array(await new Blob(pieces).arrayBuffer());
}

function join(
  first: number,
  rest: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(rest.length + 1);
  bytes[0] = first;
  bytes.set(rest, 1);
  return bytes;
}

/**
 * Writes a conversation in few bytes.
 *
 * @param conversation The conversation.
 * @returns The bytes.
 * @throws {ProviderError} If it is larger than 1 MiB, with code `too-large`.
 */
export async function packConversation(
  conversation: Conversation,
): Promise<Uint8Array<ArrayBuffer>> {
  const json = new TextEncoder().encode(JSON.stringify(conversation));
  if (json.length > MAX_BYTES) throw tooLargeConversation(MAX_BYTES);
  if (json.length < MIN_DEFLATED) return join(PLAIN, json);
  return join(
    DEFLATED,
    await pipe(json, new CompressionStream("deflate-raw")),
  );
}

async function unpack(bytes: Uint8Array<ArrayBuffer>): Promise<unknown> {
  const rest = bytes.subarray(1);
  const json = bytes[0] === DEFLATED
    ? await pipe(rest, new DecompressionStream("deflate-raw"))
    : rest;
  return JSON.parse(new TextDecoder().decode(json));
}

/**
 * Reads what {@linkcode packConversation} wrote.
 *
 * @param bytes The bytes.
 * @returns The conversation.
 * @throws {ProviderError} If they are anything else, with code
 * `conversation-expired`.
 */
export async function unpackConversation(
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Conversation> {
  try {
    return parseConversation(await unpack(bytes));
  } catch {
    // What the platform says of it may quote it.
    throw invalidConversation();
  }
}
