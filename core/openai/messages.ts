/**
 * Messages in the form of OpenAI's chat completions.
 *
 * @module
 */

import { toImageUrl } from "../chat/image_part.ts";
import type { ContentPart, Message } from "../chat/types.ts";

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
