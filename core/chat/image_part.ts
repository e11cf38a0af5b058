/**
 * Pictures of callers, in the form that a protocol wants.
 *
 * @module
 */

import { decodeBase64, encodeBase64 } from "../streams/base64.ts";
import { detectMediaType, fromDataUrl, isDataUrl } from "../streams/media.ts";
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

function toInline(
  bytes: Uint8Array<ArrayBuffer>,
  mediaType = detectMediaType(bytes),
): InlineImage {
  if (mediaType === undefined) {
    throw invalidRequest('Image is of an unknown type: set its "mediaType"');
  }
  return { mediaType, bytes, base64: encodeBase64(bytes) };
}

/** Decodes text; what the platform says of it may repeat it. */
function decode(
  text: string,
  decodeText: (text: string) => Uint8Array<ArrayBuffer>,
  wanted: string,
): Uint8Array<ArrayBuffer> {
  try {
    return decodeText(text);
  } catch {
    throw invalidRequest(`Image is ${wanted}`);
  }
}

function readDataUrl(url: string, mediaType: string | undefined): InlineImage {
  const bytes = decode(url, fromDataUrl, "not a valid data URL");
  const [, named] = /^data:(image\/[\w.+-]+)/i.exec(url) ?? [];
  return toInline(
    bytes,
    mediaType ?? detectMediaType(bytes) ?? named?.toLowerCase(),
  );
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
export function readImagePart({ image, mediaType }: ImagePart): PartImage {
  let bytes: Uint8Array<ArrayBuffer>;
  if (isBytes(image)) {
    bytes = Uint8Array.from(image);
  } else {
    const url = String(image);
    if (/^(?:https?|data):/i.test(url) && URL.canParse(url)) {
      return {
        url,
        inline: () => isDataUrl(url) ? readDataUrl(url, mediaType) : undefined,
      };
    }
    const wanted = "neither an http, https or data URL nor base64 text";
    bytes = decode(url, decodeBase64, wanted);
  }
  const inline = toInline(bytes, mediaType);
  return {
    url: `data:${inline.mediaType};base64,${inline.base64}`,
    inline: () => inline,
  };
}
