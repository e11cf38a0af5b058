/**
 * Messages with calls of tools, and with their results.
 *
 * @module
 */

import type { Opaque, ToolCall } from "../chat/tools.ts";
import type { AssistantMessage, ToolMessage } from "../chat/types.ts";
import {
  isFilled,
  isList,
  isObject,
  isString,
  withoutUndefined,
} from "../streams/values.ts";
import { type Fields, invalidMessage, readContent } from "./read_message.ts";

/** Reads a field that may be absent. */
function readField<T>(
  fields: Fields,
  name: string,
  { path, isRight, wanted }: {
    readonly path: string;
    readonly isRight: (value: unknown) => value is T;
    readonly wanted: string;
  },
): T | undefined {
  const value = fields[name];
  if (value === undefined || isRight(value)) return value;
  throw invalidMessage(`${path}.${name}`, wanted);
}

function readText(
  fields: Fields,
  name: string,
  path: string,
): string | undefined {
  return readField(fields, name, { path, isRight: isString, wanted: "text" });
}

function readOpaque(fields: Fields, path: string): Opaque | undefined {
  const wanted = "plain JSON";
  const value = readField(fields, "opaque", {
    path,
    isRight: isObject,
    wanted,
  });
  try {
    return value && JSON.parse(JSON.stringify(value));
  } catch {
    throw invalidMessage(`${path}.opaque`, wanted);
  }
}

function readCall(call: unknown, path: string): ToolCall {
  if (!isObject(call)) throw invalidMessage(path, "a call");
  const { id, name, input, rawInput } = call;
  if (!isString(id)) throw invalidMessage(`${path}.id`, "text");
  if (!isFilled(name)) throw invalidMessage(`${path}.name`, "a name");
  if (!isString(rawInput)) throw invalidMessage(`${path}.rawInput`, "text");
  const opaque = readOpaque(call, path);
  return { id, name, input, rawInput, ...withoutUndefined({ opaque }) };
}

/**
 * Reads a message of an assistant.
 *
 * @param message What the caller gave.
 * @param path Where it is.
 * @throws {ProviderError} If it is wrong, with code `invalid-request`.
 */
export function readAssistant(message: Fields, path: string): AssistantMessage {
  const { toolCalls = [] } = message;
  if (!isList(toolCalls)) {
    throw invalidMessage(`${path}.toolCalls`, "calls");
  }
  const calls = Array.from(
    toolCalls,
    (call, index) => readCall(call, `${path}.toolCalls[${index}]`),
  );
  return withoutUndefined({
    role: "assistant" as const,
    content: readContent(message.content, path, calls.length > 0),
    toolCalls: calls.length > 0 ? calls : undefined,
    reasoning: readText(message, "reasoning", path),
    provider: readText(message, "provider", path),
    model: readText(message, "model", path),
    opaque: readOpaque(message, path),
  });
}

/**
 * Reads the result of a call.
 *
 * @param message What the caller gave.
 * @param path Where it is.
 * @throws {ProviderError} If it is wrong, with code `invalid-request`.
 */
export function readResult(message: Fields, path: string): ToolMessage {
  const { callId, content } = message;
  if (!isString(callId)) throw invalidMessage(`${path}.callId`, "text");
  const isError = readField(message, "isError", {
    path,
    isRight: (value): value is boolean => typeof value === "boolean",
    wanted: "true or false",
  });
  return withoutUndefined({
    role: "tool" as const,
    callId,
    content: readContent(content, path, true),
    isError,
  });
}
