/**
 * What bytes are, and bytes as URLs.
 *
 * @module
 */

import { decodeBase64, encodeBase64 } from "./base64.ts";

/** The sizes that the header of a Windows bitmap can have. */
const BITMAP_HEADERS = [12, 16, 40, 52, 56, 64, 108, 124];

function startsWith(
  bytes: Uint8Array,
  signature: string,
  offset = 0,
): boolean {
  for (let index = 0; index < signature.length; index++) {
    if (bytes[offset + index] !== signature.charCodeAt(index)) return false;
  }
  return true;
}

/** Whether the first box of an ISO media file lists AVIF among its brands. */
function isAvif(bytes: Uint8Array): boolean {
  if (!startsWith(bytes, "\0\0\0") || !startsWith(bytes, "ftyp", 4)) {
    return false;
  }
  const [, , , size = 0] = bytes;
  for (let offset = 8; offset + 4 <= size; offset += 4) {
    if (
      startsWith(bytes, "avif", offset) || startsWith(bytes, "avis", offset)
    ) {
      return true;
    }
  }
  return false;
}

/**
 * Tells the type of a picture by its first bytes
 * ({@link https://mimesniff.spec.whatwg.org/#matching-an-image-type-pattern | MIME Sniffing}).
 *
 * Types that can carry scripts, such as SVG, are not pictures here.
 *
 * @param bytes The bytes, or at least the first 32 of them.
 * @returns `image/png`, `image/jpeg`, `image/gif`, `image/webp`, `image/avif` or
 * `image/bmp`; `undefined` for everything else.
 *
 * @example
 * ```ts
 * import { detectMediaType } from "@parley/chat";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(detectMediaType(new Uint8Array([0xff, 0xd8, 0xff])), "image/jpeg");
 * assertEquals(detectMediaType(new TextEncoder().encode("<svg/>")), undefined);
 * ```
 */
export function detectMediaType(bytes: Uint8Array): string | undefined {
  if (startsWith(bytes, "\x89PNG\r\n\x1a\n")) return "image/png";
  if (startsWith(bytes, "\xff\xd8\xff")) return "image/jpeg";
  if (startsWith(bytes, "GIF87a") || startsWith(bytes, "GIF89a")) {
    return "image/gif";
  }
  if (startsWith(bytes, "RIFF") && startsWith(bytes, "WEBPVP8", 8)) {
    return "image/webp";
  }
  if (isAvif(bytes)) return "image/avif";
  if (
    startsWith(bytes, "BM") && startsWith(bytes, "\0\0\0", 15) &&
    BITMAP_HEADERS.includes(bytes[14] ?? 0)
  ) {
    return "image/bmp";
  }
  return undefined;
}

/**
 * Writes bytes as a `data:` URL.
 *
 * @param bytes The bytes.
 * @param mediaType Their media type; by default the one that the bytes tell, or
 * `application/octet-stream`.
 * @returns The URL, in base64.
 *
 * @example
 * ```ts
 * import { toDataUrl } from "@parley/chat";
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = new TextEncoder().encode("GIF89a");
 * assertEquals(toDataUrl(bytes), "data:image/gif;base64,R0lGODlh");
 * ```
 */
export function toDataUrl(bytes: Uint8Array, mediaType?: string): string {
  const type = mediaType ?? detectMediaType(bytes) ??
    "application/octet-stream";
  return `data:${type};base64,${encodeBase64(bytes)}`;
}

/** Whether a URL carries its content in itself. */
export function isDataUrl(url: string): boolean {
  return /^data:/i.test(url);
}

/**
 * Reads the bytes of a `data:` URL.
 *
 * @param url The URL.
 * @returns Its bytes; what it says of their type is not to be trusted.
 * @throws {TypeError} If the URL is malformed.
 */
export function fromDataUrl(url: string): Uint8Array<ArrayBuffer> {
  const comma = url.indexOf(",");
  if (comma === -1) throw new TypeError("Cannot read data URL: no comma");
  const payload = url.slice(comma + 1);
  if (/;\s*base64\s*$/i.test(url.slice(0, comma))) {
    return decodeBase64(
      payload.includes("%") ? decodePercent(payload) : payload,
    );
  }
  return new TextEncoder().encode(decodePercent(payload));
}

function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new TypeError("Cannot read data URL: its escapes are malformed");
  }
}
