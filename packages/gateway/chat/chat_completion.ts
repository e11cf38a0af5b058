/**
 * A chat completion in one piece.
 *
 * @module
 */

import type { ChatResult } from "@parley/chat";
import { toImageParts, toReasonFields } from "./completion_parts.ts";
import { toCompletionUsage } from "./usage.ts";

/** What is known of an answer besides what it says. */
export interface ChatCompletionFacts {
  /** The id of the answer. */
  readonly id: string;
  /** When it was asked for, in seconds since 1970. */
  readonly created: number;
  /** How many characters the prompt has. */
  readonly promptLength: number;
  /** The token of the conversation. */
  readonly conversation: string | undefined;
}

/**
 * Writes a whole answer as OpenAI does.
 *
 * @param result The answer.
 * @param facts What is known besides.
 * @returns Plain JSON.
 */
export function toChatCompletion(
  result: ChatResult,
  { id, created, promptLength, conversation }: ChatCompletionFacts,
): Readonly<Record<string, unknown>> {
  const { provider, model, text, reasoning, images, finishReason } = result;
  const parts = toImageParts(images);
  return {
    id,
    object: "chat.completion",
    created,
    model: `${provider}/${model}`,
    choices: [{
      index: 0,
      message: {
        role: "assistant",
        content: text,
        refusal: null,
        ...(reasoning !== "" && { reasoning_content: reasoning }),
        ...(parts.length > 0 && { images: parts }),
      },
      logprobs: null,
      ...toReasonFields(finishReason),
    }],
    usage: toCompletionUsage(result.usage, {
      input: promptLength,
      output: text.length + reasoning.length,
    }),
    conversation,
    warnings: result.warnings.length > 0 ? result.warnings : undefined,
  };
}
