/**
 * The tokens of an answer, in OpenAI's words.
 *
 * @module
 */

import type { Message, Usage } from "@parley/chat";

/** About how many characters a token has, in most languages. */
const TOKEN_LENGTH = 4;

/** Tokens as OpenAI counts them. */
export interface CompletionUsage {
  /** Tokens of the prompt. */
  readonly prompt_tokens: number;
  /** Tokens of the answer. */
  readonly completion_tokens: number;
  /** All tokens. */
  readonly total_tokens: number;
  /** More of those of the prompt. */
  readonly prompt_tokens_details?: {
    /** Those that the upstream had kept from before. */
    readonly cached_tokens: number;
  };
  /** More of those of the answer. */
  readonly completion_tokens_details?: {
    /** Those that the model thought with. */
    readonly reasoning_tokens: number;
  };
  /** What it cost, in the currency of the upstream; others write it like this. */
  readonly cost?: number;
  /** Says that the upstream did not count, or not all. */
  readonly estimated?: true;
}

/** The lengths of which tokens are estimated, in characters. */
export interface TextLengths {
  /** Of the prompt. */
  readonly input: number;
  /** Of the answer, reasoning included. */
  readonly output: number;
}

/**
 * Measures the text of messages; pictures do not count.
 *
 * @param messages The messages.
 * @returns How many characters they have.
 */
export function measureMessages(messages: readonly Message[]): number {
  let length = 0;
  for (const message of messages) {
    const { content } = message;
    if (message.role === "assistant") {
      for (const { name, rawInput } of message.toolCalls ?? []) {
        length += name.length + rawInput.length;
      }
    }
    const parts = typeof content === "string"
      ? [{ type: "text" as const, text: content }]
      : content;
    for (const part of parts) {
      if (part.type === "text") length += part.text.length;
    }
  }
  return length;
}

/** What is no count was not counted. */
function toCount(tokens: number | undefined): number | undefined {
  return Number.isSafeInteger(tokens) && Number(tokens) >= 0
    ? tokens
    : undefined;
}

/**
 * Writes the tokens of an answer as OpenAI does. What the upstream does not
 * tell is estimated, and marked so.
 *
 * @param usage What the upstream counted.
 * @param lengths What is estimated from.
 * @returns Plain JSON.
 */
export function toCompletionUsage(
  usage: Usage | undefined,
  lengths: TextLengths,
): CompletionUsage {
  const inputTokens = toCount(usage?.inputTokens);
  const outputTokens = toCount(usage?.outputTokens);
  const totalTokens = toCount(usage?.totalTokens);
  const cachedTokens = toCount(usage?.cachedTokens);
  const reasoningTokens = toCount(usage?.reasoningTokens);
  const input = inputTokens ?? Math.ceil(lengths.input / TOKEN_LENGTH);
  const output = outputTokens ?? Math.ceil(lengths.output / TOKEN_LENGTH);
  const isKnown = inputTokens !== undefined && outputTokens !== undefined;
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: (isKnown ? totalTokens : undefined) ?? input + output,
    ...(cachedTokens !== undefined && {
      prompt_tokens_details: { cached_tokens: cachedTokens },
    }),
    ...(reasoningTokens !== undefined && {
      completion_tokens_details: { reasoning_tokens: reasoningTokens },
    }),
    ...(usage?.cost !== undefined && { cost: usage.cost }),
    ...(!isKnown && { estimated: true }),
  };
}
