/**
 * An answer as a message of the chat that goes on.
 *
 * @module
 */

import type { ChatResult } from "./results.ts";
import type { ToolCall, ToolCallError } from "./tools.ts";
import type { AssistantMessage } from "./types.ts";

function toCall(call: ToolCallError): ToolCall {
  const { reason: _, issues: _issues, ...raw } = call;
  return { ...raw, input: undefined };
}

/**
 * Writes an answer as a message, to be followed by the results of its calls and
 * by what the user says next. Calls that must not be run are among them, and
 * want a result that says why.
 *
 * @param result The answer.
 * @returns The message.
 *
 * @example
 * ```ts
 * import { createOpenAiCompatible, toMessage } from "@parley/chat";
 * import { assertEquals } from "@std/assert";
 *
 * const message = { content: "Good day" };
 * const provider = createOpenAiCompatible({
 *   baseUrl: "http://127.0.0.1:11434/v1",
 *   fetch: () => Promise.resolve(Response.json({ choices: [{ message }] })),
 * });
 * const result = await provider.generate("Hello", { model: "llama3.2" });
 * const { role, content } = toMessage(result);
 * assertEquals([role, content], ["assistant", "Good day"]);
 * ```
 */
export function toMessage(result: ChatResult): AssistantMessage {
  const { text, reasoning, provider, model, opaque, object } = result;
  const calls = [...result.toolCalls, ...result.toolCallErrors.map(toCall)];
  const hasText = text !== "" || object === undefined;
  return {
    role: "assistant",
    content: hasText ? text : JSON.stringify(object),
    ...(calls.length > 0 && { toolCalls: calls }),
    ...(reasoning !== "" && { reasoning }),
    provider,
    model,
    ...(opaque !== undefined && { opaque }),
  };
}
