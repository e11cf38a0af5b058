/**
 * What bytes are, and bytes as URLs.
 *
 * @module
 */

import { decodeBase64, encodeBase64 } from "./base64.ts";

/** The most bytes that show a type: the first box of an AVIF file. */
const MAX_HEAD = 255;

/** How pictures begin; each byte is a character here. */
const SIGNATURES: Readonly<Record<string, RegExp>> = {
  "image/png": /^\x89PNG\r\n\cZ\n/,
  "image/jpeg": /^\xff\xd8\xff/,
  "image/gif": /^GIF8[79]a/,
  "image/webp": /^RIFF.{4}WEBPVP8/s,
  // Its header has 12, 16, 40, 52, 56, 64, 108 or 124 bytes.
  "image/bmp": /^BM.{12}[\f\cP\x28\x34\x38\x40\x6c\x7c]\0{3}/s,
};

/** Whether the first box of an ISO media file lists AVIF among its brands. */
function isAvif(head: string): boolean {
  const box = head.slice(0, head.charCodeAt(3));
  return /^\0{3}.ftyp(?:.{4})*avi[fs]/s.test(box);
}

/**
 * Finds the type of a picture by its first bytes
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
  const head = String.fromCharCode(...bytes.subarray(0, MAX_HEAD));
  if (isAvif(head)) return "image/avif";
  return Object.keys(SIGNATURES).find((type) => SIGNATURES[type]?.test(head));
}

/**
 * Writes bytes as a `data:` URL.
 *
 * @param bytes The bytes.
 * @param mediaType Their media type; by default the one that the bytes show, or
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
 * @throws {Error} If the URL is malformed.
 */
export function fromDataUrl(url: string): Uint8Array<ArrayBuffer> {
  const comma = url.indexOf(",");
  if (comma === -1) throw new TypeError("Cannot read data URL: no comma");
  const rest = url.slice(comma + 1);
  const payload = rest.includes("%") ? decodeURIComponent(rest) : rest;
  return /;\s*base64\s*$/i.test(url.slice(0, comma))
    ? decodeBase64(payload)
    : new TextEncoder().encode(payload);
}
