/**
 * A chat completion in one piece.
 *
 * @module
 */

import type { ChatResult, ChatStream, Warning } from "@parley/chat";
import { toImageParts, toReasonFields } from "./completion_parts.ts";
import {
  type CompletionToolCall,
  toObjectText,
  toToolCall,
} from "./tool_calls.ts";
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
  /** What of the request has no effect. */
  readonly warnings: readonly Warning[];
}

function measureCalls(calls: readonly CompletionToolCall[]): number {
  return calls.reduce(
    (length, { function: { name, arguments: input } }) =>
      length + name.length + input.length,
    0,
  );
}

/**
 * Gives what there is of an answer whose object was cut at the most tokens.
 *
 * @param stream The answer.
 * @param served Who was asked.
 */
export function toCutResult(
  { partial, attempts }: ChatStream,
  { owner, model }: { readonly owner: string; readonly model: string },
): ChatResult {
  return {
    ...partial,
    provider: owner,
    model,
    toolCalls: [],
    toolCallErrors: [],
    object: undefined,
    finishReason: "length",
    warnings: [],
    attempts,
  };
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
  { id, created, promptLength, conversation, ...facts }: ChatCompletionFacts,
): Readonly<Record<string, unknown>> {
  const { provider, model, text, reasoning, images, finishReason } = result;
  const parts = toImageParts(images);
  const calls = [...result.toolCalls, ...result.toolCallErrors].map(toToolCall);
  const content = result.object === undefined
    ? text
    : toObjectText(text, result.object);
  const warnings = [...facts.warnings, ...result.warnings];
  return {
    id,
    object: "chat.completion",
    created,
    model: `${provider}/${model}`,
    choices: [{
      index: 0,
      message: {
        role: "assistant",
        content: content === "" && calls.length > 0 ? null : content,
        refusal: null,
        ...(reasoning !== "" && { reasoning_content: reasoning }),
        ...result.opaque,
        ...(parts.length > 0 && { images: parts }),
        ...(calls.length > 0 && { tool_calls: calls }),
      },
      logprobs: null,
      ...toReasonFields(finishReason),
    }],
    usage: toCompletionUsage(result.usage, {
      input: promptLength,
      output: content.length + reasoning.length + measureCalls(calls),
    }),
    conversation,
    warnings: warnings.length > 0 ? warnings : undefined,
  };
}
