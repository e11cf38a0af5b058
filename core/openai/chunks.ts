/**
 * Answers of servers that speak like OpenAI's chat completions
 * ({@link https://platform.openai.com/docs/api-reference/chat-streaming | streamed chunks}
 * or one JSON object).
 *
 * @module
 */

import type { Decoder } from "../streams/decoded_body.ts";
import type { RunContext } from "../chat/definition.ts";
import type { UpstreamResponse } from "../chat/exchange.ts";
import { tryParseJson } from "../streams/json.ts";
import {
  getOwn,
  isFilled,
  isNullish,
  isNumber,
  isObject,
  isString,
} from "../streams/values.ts";
import { createSseDecoder, type SseEvent } from "../streams/sse.ts";
import type { ChatEvent, FinishReason, UsageEvent } from "../chat/events.ts";

const REASONS: Readonly<Record<string, FinishReason>> = {
  stop: "stop",
  eos: "stop",
  end_turn: "stop",
  stop_sequence: "stop",
  length: "length",
  max_tokens: "length",
  content_filter: "content-filter",
  tool_calls: "tool-calls",
  function_call: "tool-calls",
};

function toReason(rawReason = "stop"): FinishReason {
  return getOwn(REASONS, rawReason) ?? "other";
}

function toUsage(usage: Readonly<Record<string, unknown>>): UsageEvent {
  const toCount = (value: unknown) => isNumber(value) ? value : undefined;
  return {
    type: "usage",
    usage: {
      inputTokens: toCount(usage.prompt_tokens),
      outputTokens: toCount(usage.completion_tokens),
      totalTokens: toCount(usage.total_tokens),
    },
  };
}

function isFirst(choice: unknown): boolean {
  return isObject(choice) && choice.index === 0;
}

function isUnnumbered(choice: unknown): boolean {
  return isObject(choice) && isNullish(choice.index);
}

/** Finds the answer among the choices: that with index 0, or without one. */
function findChoice(choices: unknown): Readonly<Record<string, unknown>> {
  if (!Array.isArray(choices)) return NO_CHOICE;
  return choices.find(isFirst) ?? choices.find(isUnnumbered) ?? NO_CHOICE;
}

function isText(value: unknown): value is string | null | undefined {
  return isNullish(value) || isString(value);
}

const NO_CHOICE: Readonly<Record<string, unknown>> = {};

const MALFORMED: ChatEvent = {
  type: "warning",
  code: "malformed-chunk",
  message: "A chunk of the answer was skipped: it is malformed",
};

/** Reads the chunks of one answer. */
interface ChunkDecoder extends Decoder<ChatEvent> {
  /** Reads a whole answer. */
  readCollected(value: unknown, answer: ChatEvent[]): void;
}

function createChunkDecoder(
  run: RunContext,
  response: UpstreamResponse,
): ChunkDecoder {
  const decoder = createSseDecoder(run.limits);
  let rawReason: string | undefined;
  let isEmpty = true;

  function finish(answer: ChatEvent[]): void {
    if (!rawReason && isEmpty) {
      throw run.fail("Answer is empty", { code: "bad-response" });
    }
    answer.push({
      type: "finish",
      reason: toReason(rawReason),
      ...(rawReason && { rawReason }),
    });
  }

  function readChunk(value: unknown, answer: ChatEvent[]): void {
    if (!isObject(value)) return void answer.push(MALFORMED);
    if (value.error) throw run.toUpstreamError(value);
    const choice = findChoice(value.choices);
    const delta = choice.delta ?? choice.message;
    const part = isObject(delta) ? delta : NO_CHOICE;
    const text = part.content || choice.text;
    const reasoning = part.reasoning_content || part.reasoning;
    const reason = choice.finish_reason || value.finish_reason;
    const isChunk = "choices" in value || "finish_reason" in value ||
      "usage" in value;
    if (!isChunk || !isText(text) || !isText(reasoning)) {
      return void answer.push(MALFORMED);
    }
    if (choice !== NO_CHOICE) isEmpty = false;
    if (reasoning) answer.push({ type: "reasoning", text: reasoning });
    if (text) answer.push({ type: "text", text });
    if (isObject(value.usage)) answer.push(toUsage(value.usage));
    if (isFilled(reason)) {
      rawReason ??= reason;
      // Usage and [DONE] may follow, but nothing that the answer needs.
      response.settle();
    }
  }

  function readEvents(events: readonly SseEvent[], answer: ChatEvent[]): void {
    for (const { event, data, unterminated } of events) {
      if (data.trim() === "[DONE]") return finish(answer);
      const value = tryParseJson(data);
      if (event === "error") throw run.toUpstreamError(value ?? data);
      // An event without data keeps the connection alive.
      if (data === "") continue;
      if (value !== undefined || !unterminated) {
        readChunk(value, answer);
      } else if (!rawReason) {
        throw run.fail("Answer is cut inside of an event", {
          code: "incomplete",
        });
      }
    }
  }

  return {
    decode(piece, answer) {
      const events: SseEvent[] = [];
      try {
        decoder.decode(piece, events);
      } finally {
        readEvents(events, answer);
      }
      if (piece === undefined && rawReason) finish(answer);
    },
    readCollected(value, answer) {
      readChunk(value, answer);
      finish(answer);
    },
  };
}

/**
 * Reads an answer in the form of OpenAI's chat completions, streamed or not.
 *
 * Only the choice with index 0 is the answer. Data that is no chunk is skipped
 * with a warning. The end is `[DONE]` or a finish reason; a body that ends
 * without either fails the run with code `incomplete`.
 *
 * @param run The run.
 * @param response The response to a request for a chat completion.
 * @returns What `respond` can yield as it is.
 *
 * @example
 * ```ts
 * import { defineProvider, readOpenAiAnswer } from "@parley/chat/provider";
 * import { assertEquals } from "@std/assert";
 *
 * const local = defineProvider({
 *   id: "Local",
 *   label: "A server of my own",
 *   url: "http://127.0.0.1:8080",
 *   baseUrl: "http://127.0.0.1:8080",
 *   working: true,
 *   defaultModel: "small",
 *   models: ["small"],
 *   async *respond(run) {
 *     const { model, messages } = run;
 *     const json = { model, messages, stream: true };
 *     yield* readOpenAiAnswer(run, await run.post("/v1/chat/completions", { json }));
 *   },
 * }, {
 *   fetch: () =>
 *     Promise.resolve(
 *       new Response(
 *         'data: {"choices":[{"delta":{"content":"Hi"}}]}\n\ndata: [DONE]\n\n',
 *       ),
 *     ),
 * });
 * assertEquals((await local.generate("Hello")).text, "Hi");
 * ```
 */
export async function* readOpenAiAnswer(
  run: RunContext,
  response: UpstreamResponse,
): AsyncGenerator<Iterable<ChatEvent>, void, undefined> {
  const decoder = createChunkDecoder(run, response);
  if (!/^application\/(?:.+\+)?json$/.test(response.mediaType)) {
    return yield* response.decode(decoder);
  }
  const value = await response.json();
  const answer: ChatEvent[] = [];
  try {
    decoder.readCollected(value, answer);
  } finally {
    // What was said before a failure is handed on first.
    yield answer;
  }
}
