import { decodeBase64 } from "@parley/chat";
import * as z from "zod/mini";
import type { AnswerOptions } from "./answer.ts";
import { toCompletionResponse, toErrorResponse } from "./_openai_body.ts";
import { Messages, parseJson, readJson } from "./_request_body.ts";
import {
  createUpstream,
  type Upstream,
  type UpstreamOptions,
} from "./upstream.ts";

/** Options of {@linkcode createAutonomousAiUpstream}. */
export interface AutonomousAiUpstreamOptions
  extends AnswerOptions, UpstreamOptions {
  /**
   * The path of each model.
   *
   * @default {the five models of the public site}
   */
  readonly models?: Readonly<Record<string, string>> | undefined;
}

const MODELS: Readonly<Record<string, string>> = {
  llama: "/api/v1/ai/chat",
  qwen_coder: "/api/v1/ai/chat",
  hermes: "/api/v1/ai/chat-hermes",
  vision: "/api/v1/ai/chat-vision",
  summary: "/api/v1/ai/summary",
};

const REQUIRED_HEADERS = ["country-code", "time-zone", "origin"];

const Body = z.object({
  messages: z.string(),
  threadId: z.string(),
  stream: z.boolean(),
  aiAgent: z.string(),
});

/**
 * Makes an upstream that speaks the protocol of Autonomous AI: messages in
 * base64, and an answer in the form of OpenAI's chat completions.
 *
 * It refuses a request without `country-code`, `time-zone` or `origin` (403),
 * and a body of another shape, messages that are not JSON in base64, or a model
 * at the path of another one (400).
 *
 * @example Usage
 * ```ts
 * import { createAutonomousAiUpstream } from "@parley/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const upstream = createAutonomousAiUpstream({ answer: () => "Good day" });
 * const response = await upstream.fetch("https://chatgpt.autonomous.ai/api/v1/ai/chat", {
 *   method: "POST",
 *   headers: {
 *     "content-type": "application/json",
 *     "country-code": "US",
 *     "time-zone": "America/New_York",
 *     origin: "https://www.autonomous.ai",
 *   },
 *   body: JSON.stringify({
 *     messages: btoa(JSON.stringify([{ role: "user", content: "Hello" }])),
 *     threadId: "llama",
 *     stream: false,
 *     aiAgent: "llama",
 *   }),
 * });
 * const { choices } = await response.json();
 *
 * assertEquals(choices[0].message, { role: "assistant", content: "Good day" });
 * ```
 *
 * @param options What it answers, how fast, and where.
 * @returns The upstream.
 */
export function createAutonomousAiUpstream(
  options: AutonomousAiUpstreamOptions = {},
): Upstream {
  const models = new Map(Object.entries(options.models ?? MODELS));
  const paths = new Set(models.values());

  return createUpstream(async (request, path) => {
    if (!paths.has(path)) return toErrorResponse(404, `Unknown path: ${path}`);
    if (request.method !== "POST") {
      return toErrorResponse(405, "Method not allowed");
    }
    for (const name of REQUIRED_HEADERS) {
      if (!request.headers.has(name)) {
        return toErrorResponse(403, `Missing header: ${name}`);
      }
    }
    const body = await readJson(request, Body);
    if (body === undefined) return toErrorResponse(400, "Invalid request body");
    const { aiAgent: model, threadId, stream } = body;
    if (models.get(model) !== path) {
      return toErrorResponse(400, `No model "${model}" at ${path}`);
    }
    if (threadId !== model) {
      return toErrorResponse(400, "threadId does not match aiAgent");
    }
    const messages = parseJson(decodeText(body.messages), Messages);
    if (messages === undefined) return toErrorResponse(400, "Invalid messages");
    return await toCompletionResponse(
      { model, messages, stream },
      options,
      request.signal,
    );
  }, options);
}

/**
 * Reads UTF-8 in base64; what is not that becomes a text that is not JSON
 * either.
 */
function decodeText(base64: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(
      decodeBase64(base64),
    );
  } catch {
    return "";
  }
}
