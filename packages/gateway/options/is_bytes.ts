/**
 * Knows bytes, whoever made them.
 *
 * @module
 */

/**
 * Whether a value is a `Uint8Array`, of this realm or of another, in which
 * `instanceof` does not find it.
 *
 * @param value Any value.
 */
export function isBytes(value: unknown): value is Uint8Array {
  return Object.prototype.toString.call(value) === "[object Uint8Array]";
}
