/**
 * Messages in the form of OpenAI's chat completions.
 *
 * @module
 */

import { toImageUrl } from "../chat/image_part.ts";
import {
  createCallIds,
  isSilent,
  type OpenAiMessageOptions,
  toCallFields,
} from "./call_messages.ts";
import type { ContentPart, Message } from "../chat/types.ts";
import { isString } from "../streams/values.ts";

function toPart(part: ContentPart): unknown {
  return part.type === "text"
    ? { type: "text", text: part.text }
    : { type: "image_url", image_url: { url: toImageUrl(part) } };
}

/** A message as it is sent. */
export interface OpenAiMessage extends Readonly<Record<string, unknown>> {
  /** Who wrote it. */
  readonly role: string;
}

function toContent({ content }: Message): unknown {
  return isString(content) ? content : content.map(toPart);
}

/**
 * Writes messages without calls, for a server that is not asked for any.
 *
 * @param messages The messages of a run.
 */
export function toPlainMessages(
  messages: readonly Message[],
): readonly OpenAiMessage[] {
  return messages.map((message) => ({
    role: message.role,
    content: toContent(message),
  }));
}

/**
 * Writes messages for a server that speaks like OpenAI's.
 *
 * @param messages The messages of a run.
 * @param options How calls of tools are written.
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
  options: OpenAiMessageOptions = {},
): readonly OpenAiMessage[] {
  const ids = createCallIds(options);
  /** The ids of the calls whose results are yet to come. */
  let open: string[] = [];
  return messages.map((message) => {
    const { role } = message;
    const content = toContent(message);
    if (role === "tool") {
      return { role, tool_call_id: open.shift() ?? message.callId, content };
    }
    if (role !== "assistant") return { role, content };
    open = [...ids.write(message)];
    const fields = toCallFields(message, open, options);
    // Some servers refuse "" beside calls, and others null without any.
    const isNull = open.length > 0 && isSilent(message);
    return { role, content: isNull ? null : content, ...fields };
  });
}
