/**
 * Messages in the form of OpenAI's chat completions.
 *
 * @module
 */

import { decodeBase64 } from "../streams/base64.ts";
import { detectMediaType, toDataUrl } from "../streams/media.ts";
import { invalidRequest } from "../chat/options.ts";
import { isBytes } from "../streams/values.ts";
import type { ContentPart, ImagePart, Message } from "../chat/types.ts";

/** Writes a picture of a caller as the URL that goes to the upstream. */
function toImageUrl({ image, mediaType }: ImagePart): string {
  let bytes = image;
  if (!isBytes(bytes)) {
    const text = String(image);
    if (/^(?:https?|data):/i.test(text) && URL.canParse(text)) return text;
    try {
      bytes = decodeBase64(text);
    } catch {
      throw invalidRequest(
        "Image is neither an http, https or data URL nor base64 text",
      );
    }
  }
  const type = mediaType ?? detectMediaType(bytes);
  if (type !== undefined) return toDataUrl(bytes, type);
  throw invalidRequest('Image is of an unknown type: set its "mediaType"');
}

function toPart(part: ContentPart): unknown {
  return part.type === "text"
    ? { type: "text", text: part.text }
    : { type: "image_url", image_url: { url: toImageUrl(part) } };
}

/**
 * Writes messages for a server that speaks like OpenAI's.
 *
 * @param messages The messages of a run.
 * @returns What is to be sent as JSON; pictures are URLs.
 * @throws {ProviderError} If a picture is of no known form, with code
 * `invalid-request`.
 *
 * @example
 * ```ts
 * import { toOpenAiMessages } from "@parley/chat/provider";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(
 *   toOpenAiMessages([{
 *     role: "user",
 *     content: [{ type: "image", image: "https://pictures.example/cat.png" }],
 *   }]),
 *   [{
 *     role: "user",
 *     content: [{
 *       type: "image_url",
 *       image_url: { url: "https://pictures.example/cat.png" },
 *     }],
 *   }],
 * );
 * ```
 */
export function toOpenAiMessages(
  messages: readonly Message[],
): readonly { readonly role: string; readonly content: unknown }[] {
  return messages.map(({ role, content }) => ({
    role,
    content: typeof content === "string" ? content : content.map(toPart),
  }));
}
