const PIECE = 16 * 1024;

/** Cuts bytes into pieces of a size. */
export function cut(bytes: Uint8Array, size: number = PIECE): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let start = 0; start < bytes.length; start += size) {
    pieces.push(bytes.slice(start, start + size));
  }
  return pieces;
}

/** A body that gives its pieces as fast as they are read. */
export function toBody(
  pieces: readonly Uint8Array[],
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let index = 0;
  return new ReadableStream({
    pull(controller) {
      const piece = pieces[index++];
      if (piece === undefined) controller.close();
      else controller.enqueue(new Uint8Array(piece));
    },
  }, { highWaterMark: 0 });
}

/** A response with such a body. */
export function toResponse(
  pieces: readonly Uint8Array[],
  type = "text/event-stream",
): Response {
  return new Response(toBody(pieces), { headers: { "content-type": type } });
}

/** The text of the n-th event; all are of one length. */
export function toToken(index: number): string {
  return ` tok${index % 10}`;
}

/** What is particular to the chunks of a server. */
export interface ChunkOptions {
  /** Gives the text of each. */
  readonly toText?: ((index: number) => string) | undefined;
  /** Gives what else changes, as fields in JSON, each followed by a comma. */
  readonly toChanges?: ((index: number) => string) | undefined;
}

/** An answer as servers like OpenAI's stream it, 168 bytes an event. */
export function toOpenAiBytes(
  events: number,
  { toText = toToken, toChanges = () => "" }: ChunkOptions = {},
): Uint8Array {
  const lines = Array.from(
    { length: events },
    (_, index) =>
      `data: {${toChanges(index)}"id":"chatcmpl-9f2c51d07a",` +
      '"created":1770000000,"model":"gpt-4o-mini","choices":[{"index":0,' +
      `"delta":{"content":${JSON.stringify(toText(index))}},` +
      '"logprobs":null,"finish_reason":null}]}\n\n',
  );
  const last = 'data: {"choices":[{"index":0,"delta":{},' +
    '"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n';
  return new TextEncoder().encode(lines.join("") + last);
}

/** Text with escapes, and in several scripts. */
export function toMixedText(index: number): string {
  const texts = [" tok", "\n\n", ' "he', "привет", " 你好", "😀", " é", "\\"];
  return texts[index % texts.length] ?? "";
}

/** What a server may write anew in each chunk. */
export function toChangedFields(index: number): string {
  const padding = "abcdefghijklmnop".slice(index % 16);
  return `"seconds":${1770000000 + index},"obfuscation":"${padding}",` +
    `"usage":{"prompt_tokens":9,"completion_tokens":${index},` +
    `"total_tokens":${index + 9}},`;
}

/** An answer as chat-ui streams it: tokens are padded to 16 characters. */
export function toChatUiBytes(tokens: number): Uint8Array {
  const text = Array.from({ length: tokens }, (_, index) => toToken(index));
  const lines = text.map((token) =>
    JSON.stringify({ type: "stream", token: token.padEnd(16, "\0") })
  );
  const last = JSON.stringify({
    type: "finalAnswer",
    text: text.join(""),
    interrupted: false,
  });
  return new TextEncoder().encode(`${lines.join("\n")}\n${last}\n`);
}
