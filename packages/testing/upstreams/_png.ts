const SIZE = 64;
const BITS_PER_CHANNEL = 8;
const RED_GREEN_BLUE = 2;
const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/**
 * Paints a picture of 64 × 64 colours as a PNG file; another number gives other
 * colours.
 */
export async function paintPng(
  number: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, SIZE);
  view.setUint32(4, SIZE);
  header.set([BITS_PER_CHANNEL, RED_GREEN_BLUE], 8);

  // One byte in front of each row names its filter: 0, none.
  const stride = 1 + SIZE * 3;
  const rows = new Uint8Array(SIZE * stride);
  for (let y = 0; y < SIZE; y++) {
    for (let x = 0; x < SIZE; x++) {
      rows.set([x * 4, y * 4, number * 85], y * stride + 1 + x * 3);
    }
  }
  const deflated = new Blob([rows]).stream().pipeThrough(
    new CompressionStream("deflate"),
  );

  const parts = [
    Uint8Array.from(SIGNATURE),
    toChunk("IHDR", header),
    toChunk("IDAT", await new Response(deflated).bytes()),
    toChunk("IEND", new Uint8Array()),
  ];
  return await new Blob(parts).bytes();
}

function toChunk(type: string, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const chunk = new Uint8Array(data.length + 12);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, data.length);
  chunk.set(new TextEncoder().encode(type), 4);
  chunk.set(data, 8);
  view.setUint32(data.length + 8, crc32(chunk.subarray(4, data.length + 8)));
  return chunk;
}

function crc32(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) {
      crc = crc >>> 1 ^ (crc & 1 ? 0xedb88320 : 0);
    }
  }
  return ~crc >>> 0;
}
