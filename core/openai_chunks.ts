/**
 * Answers of servers that speak like OpenAI's chat completions
 * ({@link https://platform.openai.com/docs/api-reference/chat-streaming | streamed chunks}
 * or one JSON object).
 *
 * @module
 */

import type { RunContext, UpstreamResponse } from "./definition.ts";
import { findError, tryParseJson } from "./json.ts";
import {
  getOwn,
  isFilled,
  isNullish,
  isNumber,
  isObject,
  isString,
} from "./shape.ts";
import { createSseDecoder, type SseEvent } from "./sse.ts";
import type { ChatEvent, FinishReason, UsageEvent } from "./types.ts";

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
  const count = (name: string) => {
    const value = usage[name];
    return isNumber(value) ? value : undefined;
  };
  return {
    type: "usage",
    usage: {
      inputTokens: count("prompt_tokens"),
      outputTokens: count("completion_tokens"),
      totalTokens: count("total_tokens"),
    },
  };
}

/** Finds the answer among the choices: that with index 0, or without one. */
function findChoice(choices: unknown): Readonly<Record<string, unknown>> {
  const objects = Array.isArray(choices) ? choices.filter(isObject) : [];
  return objects.find(({ index }) => index === 0) ??
    objects.find(({ index }) => isNullish(index)) ?? NO_CHOICE;
}

/** Finds the text of the usual chunk, of which an answer has thousands. */
function toPlainText(value: unknown): string | undefined {
  if (!isObject(value) || value.error || value.usage || value.finish_reason) {
    return undefined;
  }
  const { choices } = value;
  if (!Array.isArray(choices) || choices.length !== 1) return undefined;
  const [choice]: unknown[] = choices;
  if (!isObject(choice)) return undefined;
  const { index, delta, finish_reason } = choice;
  if (index !== 0 || finish_reason || !isObject(delta)) return undefined;
  const { content, reasoning, reasoning_content } = delta;
  return isString(content) && !reasoning && !reasoning_content
    ? content
    : undefined;
}

function isText(value: unknown): value is string | null | undefined {
  return isNullish(value) || isString(value);
}

const NO_CHOICE: Readonly<Record<string, unknown>> = {};

/** One of these makes an object a chunk. */
const CHUNK_KEYS = ["choices", "finish_reason", "usage"];

const MALFORMED: ChatEvent = {
  type: "warning",
  code: "malformed-chunk",
  message: "A chunk of the answer was skipped: it is malformed",
};

/** Reads the chunks of one answer. */
interface ChunkReader {
  /** Reads events of a stream. */
  read(events: readonly SseEvent[]): Generator<ChatEvent>;
  /** Ends an answer whose body has ended. */
  end(): Generator<ChatEvent>;
  /** Reads a whole answer. */
  readCollected(value: unknown): Generator<ChatEvent>;
}

function createChunkReader(
  run: RunContext,
  response: UpstreamResponse,
): ChunkReader {
  let rawReason: string | undefined;
  let isEmpty = true;

  function toError(value: unknown): Error {
    const { message = "", code } = findError(value);
    return run.fail("Upstream failed", {
      code: "upstream",
      words: code === undefined ? message : `${message} (${code})`,
    });
  }

  function* finish(): Generator<ChatEvent> {
    if (rawReason === undefined && isEmpty) {
      throw run.fail("Answer is empty", { code: "bad-response" });
    }
    yield {
      type: "finish",
      reason: toReason(rawReason),
      ...(rawReason !== undefined && { rawReason }),
    };
  }

  function* readChunk(value: unknown): Generator<ChatEvent> {
    if (!isObject(value)) return yield MALFORMED;
    if (value.error) throw toError(value);
    const choice = findChoice(value.choices);
    const delta = choice.delta ?? choice.message;
    const part = isObject(delta) ? delta : NO_CHOICE;
    const text = part.content || choice.text;
    const reasoning = part.reasoning_content || part.reasoning;
    const reason = choice.finish_reason || value.finish_reason;
    if (
      !isText(text) || !isText(reasoning) ||
      !CHUNK_KEYS.some((key) => key in value)
    ) return yield MALFORMED;
    if (choice !== NO_CHOICE) isEmpty = false;
    if (reasoning) yield { type: "reasoning", text: reasoning };
    if (text) yield { type: "text", text };
    if (isObject(value.usage)) yield toUsage(value.usage);
    if (isFilled(reason)) {
      rawReason ??= reason;
      // Usage and [DONE] may follow, but nothing that the answer needs.
      response.settle();
    }
  }

  return {
    *read(events) {
      for (const { event, data, unterminated } of events) {
        if (data.trim() === "[DONE]") return yield* finish();
        const value = tryParseJson(data);
        if (event === "error") throw toError(value ?? data);
        // An event without data keeps the connection alive.
        if (data === "") continue;
        const text = toPlainText(value);
        if (text !== undefined) {
          isEmpty = false;
          yield { type: "text", text };
        } else if (value !== undefined || !unterminated) {
          yield* readChunk(value);
        } else if (rawReason === undefined) {
          throw run.fail("Answer is cut inside of an event", {
            code: "incomplete",
          });
        }
      }
    },
    *end() {
      if (rawReason !== undefined) yield* finish();
    },
    *readCollected(value) {
      yield* readChunk(value);
      yield* finish();
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
 * import { defineProvider, readOpenAiAnswer } from "@parley/chat";
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
  const reader = createChunkReader(run, response);
  if (/^application\/(?:.+\+)?json$/.test(response.mediaType)) {
    yield reader.readCollected(await response.json());
    return;
  }
  for await (const events of response.decode(createSseDecoder(run.limits))) {
    yield reader.read(events);
  }
  yield reader.end();
}
