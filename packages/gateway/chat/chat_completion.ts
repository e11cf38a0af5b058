/**
 * A chat completion in one piece.
 *
 * @module
 */

import type {
  ChatResult,
  ChatStream,
  FinishEvent,
  Warning,
} from "@parley/chat";
import { markCallId } from "./call_makers.ts";
import { LEFT_OUT, toImageParts, toReasonFields } from "./completion_parts.ts";
import {
  type CompletionToolCall,
  isRefusal,
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
  /** Whether several providers stand behind the model. */
  readonly isFailover: boolean;
  /** The end of an answer that was to be an object and is none. */
  readonly end: FinishEvent | undefined;
}

function measureCalls(calls: readonly CompletionToolCall[]): number {
  return calls.reduce(
    (length, { function: { name, arguments: input } }) =>
      length + name.length + input.length,
    0,
  );
}

/**
 * Gives what there is of an answer that was to be an object and is none.
 *
 * @param stream The answer.
 * @param end Its end.
 * @param served Who was asked.
 */
export function toCutResult(
  { partial, attempts }: ChatStream,
  { reason }: FinishEvent,
  { owner, model }: { readonly owner: string; readonly model: string },
): ChatResult {
  const { provider = owner, model: answering = model } = attempts.at(-1) ?? {};
  return {
    ...partial,
    provider,
    model: answering,
    toolCalls: [],
    toolCallErrors: [],
    object: undefined,
    finishReason: reason,
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
  { id, created, promptLength, conversation, isFailover, end, ...facts }:
    ChatCompletionFacts,
): Readonly<Record<string, unknown>> {
  const { provider, text, reasoning, images } = result;
  const { responseModel = result.model } = result;
  const isRefused = end !== undefined && isRefusal(end);
  const parts = toImageParts(images);
  const calls = [...result.toolCalls, ...result.toolCallErrors].map((call) => {
    const opaque = call.opaque ?? result.opaque;
    const isMarked = isFailover && (reasoning !== "" || opaque !== undefined);
    const id = isMarked ? markCallId(call.id, result) : call.id;
    return toToolCall({ ...call, id });
  });
  const content = result.object === undefined
    ? text
    : toObjectText(text, result.object);
  const warnings = [
    ...facts.warnings,
    ...result.warnings,
    ...parts.length < images.length ? [LEFT_OUT] : [],
  ];
  return {
    id,
    object: "chat.completion",
    created,
    model: `${provider}/${responseModel}`,
    choices: [{
      index: 0,
      message: {
        role: "assistant",
        content: isRefused || (content === "" && calls.length > 0)
          ? null
          : content,
        refusal: isRefused ? content : null,
        ...(reasoning !== "" && { reasoning_content: reasoning }),
        ...result.opaque,
        ...(parts.length > 0 && { images: parts }),
        ...(calls.length > 0 && { tool_calls: calls }),
      },
      logprobs: null,
      ...toReasonFields(isRefused ? "stop" : result.finishReason),
    }],
    usage: toCompletionUsage(result.usage, {
      input: promptLength,
      output: content.length + reasoning.length + measureCalls(calls),
    }),
    conversation,
    warnings: warnings.length > 0 ? warnings : undefined,
  };
}
