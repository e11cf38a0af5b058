/**
 * A whole answer in one piece.
 *
 * @module
 */

import type { ChatResult } from "../chat/results.ts";
import type { Run } from "./run.ts";
import type { ToolCall, ToolCallError } from "../chat/tools.ts";
import { withoutUndefined } from "../streams/values.ts";
import type { FinishEvent, Warning } from "../chat/events.ts";

type Writable<T> = { -readonly [Key in keyof T]?: T[Key] };

/**
 * Runs to the end and collects the answer.
 *
 * @param run The run.
 * @throws What the run throws.
 */
export async function collectResult(run: Run): Promise<ChatResult> {
  const facts: Writable<
    Pick<ChatResult, "object" | "title" | "conversation" | "usage">
  > = {};
  const toolCalls: ToolCall[] = [];
  const toolCallErrors: ToolCallError[] = [];
  const warnings: Warning[] = [];
  let finish: FinishEvent | undefined;
  run.partial.keepAll();
  for (;;) {
    const events = await run.next();
    if (events === undefined) break;
    for (const event of events) {
      switch (event.type) {
        case "object":
        case "title":
        case "conversation":
        case "usage": {
          const { type: _, ...fact } = event;
          Object.assign(facts, fact);
          break;
        }
        case "tool-call": {
          const { type: _, ...call } = event;
          toolCalls.push(call);
          break;
        }
        case "tool-call-error": {
          const { type: _, ...call } = event;
          toolCallErrors.push(call);
          break;
        }
        case "warning":
          warnings.push({ code: event.code, message: event.message });
          break;
        case "restart":
          delete facts.title;
          break;
        case "finish":
          finish = event;
          break;
      }
    }
  }
  const { text, reasoning, images } = run.partial.toAnswer();
  const result: Omit<ChatResult, "object"> & Pick<typeof facts, "object"> = {
    provider: finish?.provider ?? run.provider,
    model: finish?.model ?? run.model,
    text: finish?.text ?? text,
    reasoning,
    images,
    toolCalls,
    toolCallErrors,
    ...(finish?.opaque !== undefined && { opaque: finish.opaque }),
    ...facts,
    ...withoutUndefined({
      responseModel: finish?.responseModel,
      responseId: finish?.responseId,
      requestId: finish?.requestId,
    }),
    // A run that ends without this event rejects.
    finishReason: finish?.reason ?? "other",
    warnings,
    attempts: run.attempts.toAttempts(),
  }; // Where none was asked for, there is none.
  return result as ChatResult;
}
