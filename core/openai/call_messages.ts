/**
 * Calls and their results in the form of OpenAI's chat completions.
 *
 * @module
 */

import type { ToolCall } from "../chat/tools.ts";
import type { AssistantMessage, Message } from "../chat/types.ts";
import { parseInput } from "../run/parse_input.ts";

/** How calls and what belongs to them are written. */
export interface OpenAiMessageOptions {
  /** The id of the provider that is asked. */
  readonly provider?: string | undefined;
  /** The id of the model that is asked. */
  readonly model?: string | undefined;
  /**
   * Whether the ids of calls are kept for who made them, or all written as nine
   * letters and digits.
   *
   * @default {"keep"}
   */
  readonly toolCallIds?: "keep" | "short" | undefined;
  /**
   * Whether a model gets back what it thought before it called tools.
   *
   * @default {true}
   */
  readonly echoReasoning?: boolean | undefined;
}

/** The longest id that is kept. */
const MAX_ID = 64;

/** Writes the ids of the calls of one request, each once. */
export interface CallIds {
  /**
   * Writes the ids of a message; the results that follow it have the same.
   *
   * @param message The message.
   */
  write(message: AssistantMessage): readonly string[];
}

/**
 * Makes what writes the ids of the calls of one request.
 *
 * @param options How they are written.
 */
export function createCallIds(
  { provider, toolCallIds = "keep" }: OpenAiMessageOptions,
): CallIds {
  const written = new Set<string>();
  let count = 0;

  function rename(): string {
    let id: string;
    do id = `call${String(++count).padStart(5, "0")}`; while (written.has(id));
    return id;
  }

  return {
    write({ toolCalls = [], provider: maker = provider }) {
      return toolCalls.map(({ id }) => {
        const isKept = toolCallIds === "keep" && maker === provider &&
          id !== "" && id.length <= MAX_ID && !written.has(id);
        const unique = isKept ? id : rename();
        written.add(unique);
        return unique;
      });
    },
  };
}

/** Servers refuse an input that is no object, or poison the chat with it. */
function toArguments(rawInput: string): string {
  try {
    const input = parseInput(rawInput);
    return rawInput.trimStart().startsWith("{")
      ? rawInput
      : JSON.stringify(input);
  } catch {
    return "{}";
  }
}

/**
 * Writes the calls of a message, and what its maker wants back with them.
 *
 * @param message The message.
 * @param ids The ids of its calls.
 * @param options How they are written.
 */
export function toCallFields(
  message: AssistantMessage,
  ids: readonly string[],
  { provider, model, echoReasoning = true }: OpenAiMessageOptions,
): Readonly<Record<string, unknown>> {
  const { toolCalls = [], reasoning, opaque } = message;
  if (toolCalls.length === 0) return {};
  // A signature of one model is refused by another.
  const isMaker = message.provider !== undefined &&
    message.provider === provider && message.model === model;
  const toCall = ({ name, rawInput, opaque }: ToolCall, index: number) => ({
    ...(isMaker && opaque),
    id: ids[index],
    type: "function",
    function: { name, arguments: toArguments(rawInput) },
  });
  return {
    ...(isMaker && echoReasoning && {
      ...opaque,
      ...(reasoning && { reasoning_content: reasoning }),
    }),
    tool_calls: toolCalls.map(toCall),
  };
}

/**
 * Whether a message says nothing beside its calls.
 *
 * @param message The message.
 */
export function isSilent({ content }: Message): boolean {
  return content.length === 0;
}
