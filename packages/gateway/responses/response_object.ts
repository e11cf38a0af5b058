/**
 * A response, as OpenAI writes it.
 *
 * @module
 */

import type { Item } from "./item_memory.ts";
import type { Fields } from "./response_request.ts";

/** The usage of a chat completion. */
export interface ChatUsage {
  /** Tokens of the prompt. */
  readonly prompt_tokens: number;
  /** Tokens of the answer. */
  readonly completion_tokens: number;
  /** All tokens. */
  readonly total_tokens: number;
  /** Those of the prompt that were kept from before. */
  readonly prompt_tokens_details?: { readonly cached_tokens: number };
  /** Those that the model thought with. */
  readonly completion_tokens_details?: { readonly reasoning_tokens: number };
}

/** What a chat completion or its chunk says of itself. */
export interface ChatHead {
  /** Its id. */
  readonly id: string;
  /** When it was asked for, in seconds since 1970. */
  readonly created: number;
  /** Who answered. */
  readonly model: string;
}

/** How an answer ended. */
export interface ResponseEnd {
  /** The items. */
  readonly output: readonly Item[];
  /** Why it ended, in the words of a chat completion. */
  readonly reason: string;
  /** The tokens. */
  readonly usage: ChatUsage | undefined;
  /** What the client should know. */
  readonly warnings: unknown;
}

/** Why an answer is not whole, by the reasons of a chat completion. */
const INCOMPLETE: Readonly<Record<string, string>> = {
  "length": "max_output_tokens",
  "content_filter": "content_filter",
};

/**
 * Tells whether an answer is not whole.
 *
 * @param reason Why it ended, in the words of a chat completion.
 */
export function isIncomplete(reason: string): boolean {
  return Object.hasOwn(INCOMPLETE, reason);
}

function toUsage(usage: ChatUsage | undefined): object | null {
  return usage === undefined ? null : {
    input_tokens: usage.prompt_tokens,
    input_tokens_details: {
      cached_tokens: usage.prompt_tokens_details?.cached_tokens ?? 0,
    },
    output_tokens: usage.completion_tokens,
    output_tokens_details: {
      reasoning_tokens: usage.completion_tokens_details?.reasoning_tokens ?? 0,
    },
    total_tokens: usage.total_tokens,
  };
}

/**
 * Writes the id of a response, or of an item, after that of the chat completion.
 *
 * @param prefix What it is the id of.
 * @param id The id of the chat completion.
 * @param index Which item.
 */
export function toId(prefix: string, id: string, index?: number): string {
  const rest = id.replace(/^chatcmpl-/, "");
  return `${prefix}_${rest}${index === undefined ? "" : `_${index}`}`;
}

/** A response. */
export interface ResponseFields extends Fields {
  /** How far it is. */
  readonly status: string;
}

/**
 * Writes a response that has just begun.
 *
 * @param head What is known of the answer.
 * @param asked The request.
 */
export function toResponse(
  { id, created, model }: ChatHead,
  asked: Fields,
): ResponseFields {
  const { reasoning, text, tool_choice: choice } = asked;
  return {
    id: toId("resp", id),
    object: "response",
    created_at: created,
    status: "in_progress",
    background: false,
    error: null,
    incomplete_details: null,
    instructions: asked.instructions ?? null,
    max_output_tokens: asked.max_output_tokens ?? null,
    metadata: asked.metadata ?? {},
    model,
    output: [],
    parallel_tool_calls: asked.parallel_tool_calls ?? true,
    previous_response_id: null,
    reasoning: { effort: null, summary: null, ...Object(reasoning) },
    store: asked.store ?? true,
    temperature: asked.temperature ?? null,
    text: { format: { type: "text" }, ...Object(text) },
    tool_choice: choice ?? "auto",
    tools: asked.tools ?? [],
    top_p: asked.top_p ?? null,
    truncation: "disabled",
    usage: null,
    user: asked.user ?? null,
  };
}

/**
 * Writes a response that has ended.
 *
 * @param head What is known of the answer.
 * @param asked The request.
 * @param end How it ended.
 */
export function toEndedResponse(
  head: ChatHead,
  asked: Fields,
  { output, reason, usage, warnings }: ResponseEnd,
): ResponseFields {
  const missing = INCOMPLETE[reason];
  return {
    ...toResponse(head, asked),
    status: missing === undefined ? "completed" : "incomplete",
    incomplete_details: missing === undefined ? null : { reason: missing },
    output,
    usage: toUsage(usage),
    ...(warnings !== undefined && { warnings }),
  };
}
