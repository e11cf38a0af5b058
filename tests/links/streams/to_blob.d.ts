export function toBlob(stream: ReadableStream<Uint8Array>): Promise<Blob>;
