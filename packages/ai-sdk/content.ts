/**
 * What answers have alike, streamed and in one piece, in the words of the AI SDK.
 *
 * @module
 */

import type {
  LanguageModelV4File,
  LanguageModelV4FinishReason,
  LanguageModelV4Source,
  LanguageModelV4ToolCall,
  LanguageModelV4Usage,
} from "@ai-sdk/provider";
import {
  type AssistantMessage,
  type FinishReason,
  type GeneratedImage,
  isProviderError,
  type RawToolCall,
  type Source,
  type Usage,
} from "@parley/chat";
import { toMetadata } from "./metadata.ts";

/**
 * Writes why an answer ended.
 *
 * @param reason Why.
 * @param raw The upstream's own word for it.
 */
export function toFinishReason(
  reason: FinishReason,
  raw?: string,
): LanguageModelV4FinishReason {
  return reason === "interrupted"
    // Early versions of the SDK do not know the word.
    ? { unified: "other", raw: raw ?? reason }
    : { unified: reason, raw };
}

/**
 * Writes the tokens of an answer.
 *
 * @param usage The tokens, where the upstream tells.
 */
export function toUsage(usage: Usage | undefined): LanguageModelV4Usage {
  return {
    inputTokens: {
      total: usage?.inputTokens,
      noCache: undefined,
      cacheRead: usage?.cachedTokens,
      cacheWrite: undefined,
    },
    outputTokens: {
      total: usage?.outputTokens,
      text: undefined,
      reasoning: usage?.reasoningTokens,
    },
    ...(usage && { raw: { ...usage } }),
  };
}

/**
 * Writes a picture, which is downloaded first where only its URL is known.
 *
 * @param image The picture.
 * @param signal Ends the download.
 */
export async function toFile(
  image: GeneratedImage,
  signal: AbortSignal | undefined,
): Promise<LanguageModelV4File> {
  const data = await image.bytes({ signal });
  const { mediaType = "image/*" } = image;
  return { type: "file", mediaType, data: { type: "data", data } };
}

/**
 * Writes a page that an answer is based on.
 *
 * @param source The page.
 * @param index Which of the answer it is.
 */
export function toSource(
  { url, title }: Source,
  index: number,
): LanguageModelV4Source {
  return {
    type: "source",
    sourceType: "url",
    id: `source-${index}`,
    url,
    ...(title !== undefined && { title }),
  };
}

/**
 * Writes a call, as the model wrote it: the SDK checks and mends it itself.
 *
 * @param call The call.
 * @param id The id of the provider that is asked.
 * @param origin Who made it, and what its maker wants back with the answer.
 */
export function toToolCall(
  { id: toolCallId, name: toolName, rawInput, opaque: callOpaque }: RawToolCall,
  id: string,
  origin: Pick<AssistantMessage, "provider" | "model" | "opaque">,
): LanguageModelV4ToolCall {
  return {
    type: "tool-call",
    toolCallId,
    toolName,
    input: rawInput,
    providerMetadata: toMetadata(id, {
      ...origin,
      ...(callOpaque && { callOpaque }),
    }),
  };
}

/** What a model wrote that is not the object that was asked for. */
export interface WrongObject {
  readonly text: string;
  readonly finishReason: FinishReason;
}

/**
 * Reads what a model wrote in place of an object, which the SDK checks and mends
 * itself.
 *
 * @param error What a run threw.
 * @returns `undefined` for any other failure.
 */
export function readWrongObject(error: unknown): WrongObject | undefined {
  if (!isProviderError(error) || error.code !== "invalid-output") {
    return undefined;
  }
  const { text = "", toolCalls: [call] = [] } = error.partial ?? {};
  return {
    text: text === "" ? call?.rawInput ?? "" : text,
    finishReason: error.reason === "length" ? "length" : "stop",
  };
}
