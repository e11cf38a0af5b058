/**
 * A whole answer, as its events come.
 *
 * @module
 */

import type { Attempt, PartialAnswer } from "../chat/attempt.ts";
import type {
  ChatEvent,
  FinishEvent,
  Source,
  Warning,
} from "../chat/events.ts";
import type { ChatResult } from "../chat/results.ts";
import type { ToolCall, ToolCallError } from "../chat/tools.ts";
import { withoutUndefined } from "../streams/values.ts";
import type { Writable } from "../streams/writable.ts";

/** What is known of an answer beside its events. */
export interface AnswerFacts {
  /** The id of the provider. */
  readonly provider: string;
  /** The id of the model. */
  readonly model: string;
  /** Its content. */
  readonly partial: PartialAnswer;
  /** Every attempt. */
  readonly attempts: readonly Attempt[];
}

/** Collects the events of an answer. */
export interface ResultCollector {
  /**
   * Adds an event.
   *
   * @param event The event.
   */
  add(event: ChatEvent): void;
  /**
   * Gives the answer.
   *
   * @param facts What is known beside its events.
   */
  toResult(facts: AnswerFacts): ChatResult;
}

/** Makes a collector without events. */
export function createResultCollector(): ResultCollector {
  const facts: Partial<
    Writable<Pick<ChatResult, "object" | "title" | "conversation" | "usage">>
  > = {};
  const toolCalls: ToolCall[] = [];
  const toolCallErrors: ToolCallError[] = [];
  const warnings: Warning[] = [];
  let sources: Source[] = [];
  let finish: FinishEvent | undefined;
  return {
    add(event) {
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
        case "source":
          sources.push(event.source);
          break;
        case "restart":
          sources = [];
          delete facts.title;
          break;
        case "finish":
          finish = event;
          break;
      }
    },
    toResult({ provider, model, partial, attempts }) {
      const { text, reasoning, images } = partial;
      const result: Omit<ChatResult, "object"> & Pick<typeof facts, "object"> =
        {
          provider: finish?.provider ?? provider,
          model: finish?.model ?? model,
          text: finish?.text ?? text,
          reasoning,
          images,
          toolCalls,
          toolCallErrors,
          ...(finish?.opaque !== undefined && { opaque: finish.opaque }),
          ...(sources.length > 0 && { sources }),
          ...facts,
          ...withoutUndefined({
            responseModel: finish?.responseModel,
            responseId: finish?.responseId,
            requestId: finish?.requestId,
          }),
          // A run that ends without this event rejects.
          finishReason: finish?.reason ?? "other",
          warnings,
          attempts,
        };
      // Where no object was asked for, there is none.
      return result as ChatResult;
    },
  };
}
