/**
 * Runs in the words of OpenTelemetry's conventions for generative AI, as of
 * 1.41.
 *
 * @module
 */

import {
  type Attempt,
  type ChatInput,
  type ChatOptions,
  isProviderError,
  type Message,
  type Provider,
  type ToolCall,
  type Usage,
} from "../mod.ts";
import type { Attributes } from "./open_telemetry.ts";

/**
 * Tells what a run asks for.
 *
 * @param provider Who is asked.
 * @param model The id of the model.
 * @param options The options of the run.
 */
export function toRequestAttributes(
  provider: Provider,
  model: string,
  options: ChatOptions,
): Attributes {
  const { stop, output } = options;
  const { hostname, port, protocol } = new URL(provider.baseUrl);
  const makesImages = provider.imageModels.includes(model);
  return {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": provider.id,
    "gen_ai.request.model": model,
    "gen_ai.request.stream": options.stream ?? true,
    "gen_ai.request.temperature": options.temperature,
    "gen_ai.request.top_p": options.topP,
    "gen_ai.request.max_tokens": options.maxTokens,
    "gen_ai.request.seed": options.seed,
    "gen_ai.request.stop_sequences": stop === undefined
      ? undefined
      : [stop].flat(),
    "gen_ai.output.type": makesImages ? "image" : output ? "json" : "text",
    "server.address": hostname,
    "server.port": Number(port) || (protocol === "https:" ? 443 : 80),
  };
}

/**
 * Tells what tokens a run took.
 *
 * @param usage The tokens, where the upstream tells.
 */
export function toUsageAttributes(usage: Usage | undefined): Attributes {
  return {
    "gen_ai.usage.input_tokens": usage?.inputTokens,
    "gen_ai.usage.output_tokens": usage?.outputTokens,
  };
}

/**
 * Tells why a run or an attempt failed.
 *
 * @param error What was thrown.
 */
export function toErrorType(error: unknown): string {
  return isProviderError(error) ? error.code : "aborted";
}

/**
 * Tells what became of an attempt.
 *
 * @param attempt The attempt.
 */
export function toAttemptAttributes(attempt: Attempt): Attributes {
  return {
    "gen_ai.provider.name": attempt.provider,
    "gen_ai.request.model": attempt.model,
    "http.response.status_code": attempt.status,
    "gen_ai.response.time_to_first_chunk": toSeconds(attempt.firstTokenMs),
    "error.type": attempt.code,
  };
}

/**
 * Writes milliseconds as seconds.
 *
 * @param ms The milliseconds.
 */
export function toSeconds(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : ms / 1_000;
}

function toCallPart({ id, name, rawInput }: Omit<ToolCall, "input">): object {
  return { type: "tool_call", id, name, arguments: rawInput };
}

function toParts(message: Message): readonly object[] {
  const { content } = message;
  const parts = typeof content === "string"
    ? [{ type: "text" as const, text: content }]
    : content;
  const said = parts.map((part) =>
    part.type === "text"
      ? { type: "text", content: part.text }
      : { type: "image" }
  );
  if (message.role === "tool") {
    const { callId: id } = message;
    return [{ type: "tool_call_response", id, response: said }];
  }
  const calls = message.role === "assistant" ? message.toolCalls ?? [] : [];
  return [...said, ...calls.map(toCallPart)];
}

/**
 * Writes the messages of a run.
 *
 * @param input The messages.
 */
export function toInputMessages(input: ChatInput): string {
  const messages: readonly Message[] = typeof input === "string"
    ? [{ role: "user", content: input }]
    : input;
  return JSON.stringify(
    messages.map((message) => ({
      role: message.role,
      parts: toParts(message),
    })),
  );
}

/**
 * Writes the answer of a run.
 *
 * @param text Its text.
 * @param calls Its calls.
 * @param reason Why it ended.
 */
export function toOutputMessages(
  text: string,
  calls: readonly Omit<ToolCall, "input">[],
  reason: string,
): string {
  const parts = [
    ...text === "" ? [] : [{ type: "text", content: text }],
    ...calls.map(toCallPart),
  ];
  return JSON.stringify([{ role: "assistant", parts, finish_reason: reason }]);
}
