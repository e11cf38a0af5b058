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

/** The bytes that say how much is not compressed. */
const LENGTH_BYTES = 4;

/**
 * What clients choose. It is compressed apart from cookies and ids: together they
 * would be shorter where words are guessed that a cookie has.
 */
const WORDS: readonly string[] = ["messages", "systemPrompt"];

/** What servers choose, the names in it included: one may be that of words. */
const COOKIES = "cookies";

/** An object by a name of words is the part of a route that is called so. */
function isWords(key: string, value: unknown): boolean {
  return WORDS.includes(key) && value !== undefined &&
    (typeof value !== "object" || Array.isArray(value));
}

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

/**
 * Puts bytes behind each other.
 *
 * @param parts The bytes.
 */
export async function joinBytes(
  ...parts: readonly Uint8Array[]
): Promise<Uint8Array<ArrayBuffer>> {
  const blobs = parts.map((part) => new Uint8Array(part));
  return new Uint8Array(await new Blob(blobs).arrayBuffer());
}

/**
 * Writes a conversation in few bytes. How many they are tells nothing of what its
 * cookies hold, whatever its messages say.
 *
 * @param conversation The conversation.
 * @returns The bytes.
 * @throws {ProviderError} If it is larger than 1 MiB, with code `too-large`.
 */
export async function packConversation(
  conversation: Conversation,
): Promise<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  const json = encoder.encode(JSON.stringify(conversation));
  if (json.length > MAX_BYTES) throw tooLargeConversation(MAX_BYTES);
  if (json.length < MIN_DEFLATED) {
    return await joinBytes(new Uint8Array([PLAIN]), json);
  }
  const words: unknown[] = [];
  const rest = encoder.encode(JSON.stringify(conversation, (key, value) => {
    // As text nobody looks for words in it.
    if (key === COOKIES) return JSON.stringify(value);
    return isWords(key, value) ? words.push(value) - 1 : value;
  }));
  const head = new DataView(new ArrayBuffer(1 + LENGTH_BYTES));
  head.setUint8(0, DEFLATED);
  head.setUint32(1, rest.length);
  const deflated = await pipe(
    encoder.encode(JSON.stringify(words)),
    new CompressionStream("deflate-raw"),
  );
  return await joinBytes(new Uint8Array(head.buffer), rest, deflated);
}

async function unpack(bytes: Uint8Array<ArrayBuffer>): Promise<unknown> {
  const decoder = new TextDecoder();
  if (bytes[0] !== DEFLATED) {
    return JSON.parse(decoder.decode(bytes.subarray(1)));
  }
  const start = 1 + LENGTH_BYTES;
  const end = start + new DataView(bytes.buffer, bytes.byteOffset).getUint32(1);
  const words = JSON.parse(decoder.decode(
    await pipe(bytes.slice(end), new DecompressionStream("deflate-raw")),
  ));
  return JSON.parse(
    decoder.decode(bytes.subarray(start, end)),
    (key, value) => {
      if (key === COOKIES) return JSON.parse(value);
      return isWords(key, value) ? words[value] : value;
    },
  );
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
