/**
 * Reads answers of servers that speak like OpenAI's chat completions.
 *
 * @module
 */

import type { RunContext } from "../chat/definition.ts";
import type { ChatEvent } from "../chat/events.ts";
import type { UpstreamResponse } from "../chat/exchange.ts";
import { AnswerDecoder } from "./answer_decoder.ts";
import { createCallReader } from "./tool_calls.ts";
import { createTagSplitter } from "../streams/tag_splitter.ts";

/** Options for {@linkcode readOpenAiAnswer}. */
export interface OpenAiAnswerOptions {
  /**
   * Whether text between `<think>` and `</think>` is reasoning; `"closing"` where
   * the answer begins between them, and has only the second.
   *
   * @default {false}
   */
  readonly reasoningTags?: boolean | "closing" | undefined;
  /**
   * Whether the upstream was asked for usage, which is then waited for a little
   * longer.
   *
   * @default {false}
   */
  readonly expectsUsage?: boolean | undefined;
}

/**
 * Reads an answer of a server that is not asked for calls of tools; a call is a
 * part that nobody knows how to read.
 *
 * @param run The run.
 * @param response The response to a request for a chat completion.
 */
export function readPlainAnswer(
  run: RunContext,
  response: UpstreamResponse,
): AsyncIterable<readonly ChatEvent[]> {
  return response.decode(new AnswerDecoder(run, response, {}));
}

/**
 * Reads an answer in the form of OpenAI's chat completions: Server-Sent Events,
 * one JSON object, or one on each line, as the body says and whatever its media
 * type is.
 *
 * Only the choice with index 0 is the answer, unless each chunk has the next
 * number; text that each chunk tells from its beginning, or the last one once
 * more, is told once. Data that is no chunk is skipped with a warning. The end
 * is `[DONE]`, or the end of the body after a finish reason; after a reason and
 * content no more than two seconds are waited for more (five for usage that was
 * asked for, thirty where a reason came with the first content). A body that ends
 * without either fails the run with code `incomplete`.
 *
 * @param run The run.
 * @param response The response to a request for a chat completion.
 * @param options What was asked for, and how the model writes its reasoning.
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
export function readOpenAiAnswer(
  run: RunContext,
  response: UpstreamResponse,
  { reasoningTags = false, expectsUsage }: OpenAiAnswerOptions = {},
): AsyncIterable<readonly ChatEvent[]> {
  return response.decode(
    new AnswerDecoder(run, response, {
      expectsUsage,
      createCalls: createCallReader,
      ...(reasoningTags && {
        tags: createTagSplitter({
          open: "<think>",
          close: "</think>",
          beginsInside: reasoningTags === "closing",
        }),
      }),
    }),
  );
}
