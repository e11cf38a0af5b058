/**
 * Pictures of callers, in the form that a protocol wants.
 *
 * @module
 */

import { decodeBase64, encodeBase64 } from "../streams/base64.ts";
import {
  detectMediaType,
  fromDataUrl,
  isDataUrl,
  toDataUrl,
} from "../streams/media.ts";
import { isBytes } from "../streams/values.ts";
import { invalidRequest } from "./options.ts";
import type { ImagePart } from "./types.ts";

/** A picture whose bytes are there. */
export interface InlineImage {
  /** Its media type. */
  readonly mediaType: string;
  /** Its bytes. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Its bytes as base64. */
  readonly base64: string;
}

/** A picture of a caller. */
export interface PartImage {
  /** Its `http:`, `https:` or `data:` URL. */
  readonly url: string;
  /**
   * Gives its bytes.
   *
   * @returns `undefined` where it is behind an `http:` or `https:` URL.
   * @throws {ProviderError} If its encoding is malformed or its type is unknown,
   * with code `invalid-request`.
   */
  inline(): InlineImage | undefined;
}

/**
 * Writes a picture of a caller as a URL; bytes and base64 text become a `data:`
 * URL.
 *
 * @param part The part of a message.
 * @throws {ProviderError} If it is of no known form or type, with code
 * `invalid-request`.
 */
export function toImageUrl({ image, mediaType }: ImagePart): string {
  let bytes = image;
  if (!isBytes(bytes)) {
    const text = String(image);
    // To parse one that holds a picture takes four times as long as to decode it.
    const isUrl = isDataUrl(text) ||
      (/^https?:/i.test(text) && URL.canParse(text));
    if (isUrl) return text;
    try {
      bytes = decodeBase64(text);
    } catch {
      throw invalidRequest(
        "Image is neither an http, https or data URL nor base64 text: give the bytes of a file",
      );
    }
  }
  const type = mediaType ?? detectMediaType(bytes);
  if (type !== undefined) return toDataUrl(bytes, type);
  throw invalidRequest('Image is of an unknown type: set its "mediaType"');
}

/** Decodes a `data:` URL; what the platform says of it may repeat it. */
function decodeDataUrl(url: string): Uint8Array<ArrayBuffer> {
  try {
    return fromDataUrl(url);
  } catch {
    throw invalidRequest("Image is not a valid data URL");
  }
}

/**
 * Reads a picture of a caller, whatever form it has: bytes, base64 text, or an
 * `http:`, `https:` or `data:` URL.
 *
 * @param part The part of a message.
 * @returns Its URL, and its bytes where they are there.
 * @throws {ProviderError} If it is of no known form, with code
 * `invalid-request`.
 *
 * @example
 * ```ts
 * import { readImagePart } from "@parley/chat/provider";
 * import { assertEquals } from "@std/assert";
 *
 * const image = readImagePart({ type: "image", image: "R0lGODlhAQABAAAAACw=" });
 * assertEquals(image.url, "data:image/gif;base64,R0lGODlhAQABAAAAACw=");
 * assertEquals(image.inline()?.mediaType, "image/gif");
 * ```
 */
export function readImagePart(part: ImagePart): PartImage {
  const url = toImageUrl(part);
  return {
    url,
    inline() {
      if (!isDataUrl(url)) return undefined;
      const bytes = decodeDataUrl(url);
      const [, named] = /^data:(image\/[\w.+-]+)/i.exec(url) ?? [];
      const mediaType = part.mediaType ?? detectMediaType(bytes) ??
        named?.toLowerCase();
      if (mediaType === undefined) {
        throw invalidRequest("Image is of an unknown type");
      }
      return { mediaType, bytes, base64: encodeBase64(bytes) };
    },
  };
}
