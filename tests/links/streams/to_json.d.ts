export function toJson(
  stream: ReadableStream<Uint8Array> | ReadableStream<string>,
): Promise<unknown>;
