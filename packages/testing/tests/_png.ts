import { assert, assertEquals } from "@std/assert";

const SIZE = 64;

/** Asserts that bytes are a whole PNG file of 64 × 64 pixels with colours. */
export async function assertPng(bytes: Uint8Array): Promise<void> {
  assertEquals(
    bytes.subarray(0, 8),
    Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10),
  );
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const chunks: [string, Uint8Array<ArrayBuffer>][] = [];
  let position = 8;
  while (position < bytes.length) {
    const length = view.getUint32(position);
    const type = new TextDecoder().decode(
      bytes.subarray(position + 4, position + 8),
    );
    chunks.push([type, bytes.slice(position + 8, position + 8 + length)]);
    position += length + 12;
  }
  assertEquals(position, bytes.length);
  assertEquals(chunks.map(([type]) => type), ["IHDR", "IDAT", "IEND"]);
  // What every PNG file ends with, its checksum included.
  assertEquals(bytes.subarray(-4), Uint8Array.of(0xae, 0x42, 0x60, 0x82));
  assertEquals(view.getUint32(16), SIZE);
  assertEquals(view.getUint32(20), SIZE);

  const [, [, deflated] = []] = chunks;
  assert(deflated);
  const pixels = await new Response(
    new Blob([deflated]).stream().pipeThrough(
      new DecompressionStream("deflate"),
    ),
  ).bytes();
  assertEquals(pixels.length, SIZE * (1 + SIZE * 3));
  assert(new Set(pixels).size >= SIZE);
}
