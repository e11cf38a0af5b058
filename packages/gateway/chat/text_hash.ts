/**
 * Short hashes of text.
 *
 * @module
 */

/** The hash of no text. */
export const EMPTY_HASH = 0x811c9dc5;

/**
 * Hashes a text (FNV-1a), the same on every server.
 *
 * @param text The text, or its next piece.
 * @param before The hash of what stands before it.
 * @returns A number of 32 bits.
 */
export function hashText(text: string, before = EMPTY_HASH): number {
  let hash = before;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash;
}
