/**
 * Base64 of bytes and of text.
 *
 * @module
 */

// Newer runtimes do it natively, some thirty times faster.
interface NativeBytes {
  toBase64?(): string;
}
interface NativeConstructor {
  fromBase64?(text: string): Uint8Array<ArrayBuffer>;
}

/** How many arguments a call takes in every runtime. */
const MAX_ARGUMENTS = 0x8000;

// `@std/encoding` needs `ArrayBuffer.transfer`, which Node.js 20 lacks, and takes
// padding that is wrong.
function encodePortably(bytes: Uint8Array): string {
  const fragments: string[] = [];
  for (let index = 0; index < bytes.length; index += MAX_ARGUMENTS) {
    const part = bytes.subarray(index, index + MAX_ARGUMENTS);
    fragments.push(String.fromCharCode(...part));
  }
  return btoa(fragments.join(""));
}

function decodePortably(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

/** White space is legal between the characters of base64 in a data URL. */
const SPACES = /[\t\n\f\r ]+/g;

/**
 * Encodes bytes, or the UTF-8 bytes of text, as base64 with padding
 * ({@link https://www.rfc-editor.org/rfc/rfc4648#section-4 | RFC 4648 section 4}).
 *
 * @param data Bytes or text; half a surrogate pair becomes U+FFFD.
 * @returns The base64 text.
 *
 * @example
 * ```ts
 * import { encodeBase64 } from "@parley/chat";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(encodeBase64("naïve 😀"), "bmHDr3ZlIPCfmIA=");
 * ```
 */
export function encodeBase64(data: Uint8Array | string): string {
  const bytes = typeof data === "string"
    ? new TextEncoder().encode(data)
    : data;
  return (bytes as NativeBytes).toBase64?.() ?? encodePortably(bytes);
}

/**
 * Decodes base64 text, with or without padding and white space.
 *
 * @param text The base64 text, in the standard alphabet.
 * @returns The bytes.
 * @throws {TypeError} If the text is not base64.
 *
 * @example
 * ```ts
 * import { decodeBase64 } from "@parley/chat";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(decodeBase64("AQID"), new Uint8Array([1, 2, 3]));
 * ```
 */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const dense = text.replace(SPACES, "");
  try {
    return (Uint8Array as NativeConstructor).fromBase64?.(dense) ??
      decodePortably(dense);
  } catch {
    // The platform's errors differ, and some quote the text.
    throw new TypeError("Cannot decode base64: the text is malformed");
  }
}
