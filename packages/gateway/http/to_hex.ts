/**
 * Bytes as hexadecimal text. `@std/encoding` needs `ArrayBuffer.transfer`, which
 * Node.js 20 lacks.
 *
 * @module
 */

/** Writes bytes as hexadecimal digits. */
export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}
