/**
 * Bytes that come piece by piece.
 *
 * @module
 */

/**
 * Adds a piece to bytes: behind them, where there is room, or to a copy that has
 * more.
 *
 * @param bytes The bytes, and room behind them.
 * @param size How many they are, without the room.
 * @param piece The piece.
 * @returns The bytes with the piece, and room behind them.
 *
 * @example
 * ```ts
 * import { appendBytes } from "@parley/chat/provider";
 * import { assertEquals } from "@std/assert";
 *
 * const two = appendBytes(new Uint8Array(0), 0, new Uint8Array([1, 2]));
 * const three = appendBytes(two, 2, new Uint8Array([3]));
 *
 * assertEquals([...three.subarray(0, 3)], [1, 2, 3]);
 * ```
 */
export function appendBytes(
  bytes: Uint8Array<ArrayBuffer>,
  size: number,
  piece: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const wanted = size + piece.length;
  let room = bytes;
  if (wanted > bytes.length) {
    // Twice the room: time and memory in proportion, however they are cut.
    room = new Uint8Array(Math.max(wanted, 2 * bytes.length));
    room.set(bytes);
  }
  room.set(piece, size);
  return room;
}
