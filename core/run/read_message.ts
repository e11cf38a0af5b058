/**
 * One message of a caller, checked and copied.
 *
 * @module
 */

import type { ProviderError } from "../chat/errors.ts";
import { invalidRequest } from "../chat/options.ts";
import type { Opaque, ToolCall } from "../chat/tools.ts";
import type {
  AssistantMessage,
  ContentPart,
  ImagePart,
  Message,
  ToolMessage,
} from "../chat/types.ts";
import {
  isBytes,
  isFilled,
  isObject,
  isString,
  isUrl,
  withoutUndefined,
} from "../streams/values.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * Makes the error for a message that is wrong.
 *
 * @param path Where it is, from the index on.
 * @param wanted What it must be.
 */
export function invalidMessage(path: string, wanted: string): ProviderError {
  return invalidRequest(`messages${path} is not valid: expected ${wanted}`);
}

/** Copies a picture of any realm, which the caller may change later. */
function copyImage(image: unknown): ImagePart["image"] | undefined {
  // The `slice` of a Node.js buffer would share its bytes.
  if (isBytes(image)) return Uint8Array.from(image);
  if (isUrl(image)) return new URL(image.href);
  return isFilled(image) ? image : undefined;
}

/** Half a surrogate pair is U+FFFD in every encoding that a protocol uses. */
function readPart(part: unknown, path: string): ContentPart {
  const { type, text, image, mediaType } = isObject(part) ? part : {};
  if (type === "text" && isString(text)) {
    return { type, text: text.toWellFormed() };
  }
  const copy = copyImage(image);
  if (type !== "image" || copy === undefined) {
    throw invalidMessage(path, "text or image");
  }
  if (mediaType === undefined) return { type, image: copy };
  if (isString(mediaType) && /^image\/[\w.+-]+$/.test(mediaType)) {
    return { type, image: copy, mediaType };
  }
  throw invalidMessage(`${path}.mediaType`, "the type of a picture");
}

function readContent(
  content: unknown,
  path: string,
  mayBeEmpty = false,
): Message["content"] {
  if (isString(content) && (mayBeEmpty || content !== "")) {
    return content.toWellFormed();
  }
  if (!Array.isArray(content) || (content.length === 0 && !mayBeEmpty)) {
    throw invalidMessage(`${path}.content`, "text or parts");
  }
  // Unlike `map`, it does not pass over holes.
  return Array.from(
    content,
    (part, index) => readPart(part, `${path}.content[${index}]`),
  );
}

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

function readAssistant(message: Fields, path: string): AssistantMessage {
  const { toolCalls = [] } = message;
  if (!Array.isArray(toolCalls)) {
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

function readResult(message: Fields, path: string): ToolMessage {
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

/**
 * Reads a message.
 *
 * @param message What the caller gave.
 * @param index Its place among the messages.
 * @throws {ProviderError} If it is wrong, with code `invalid-request`.
 */
export function readMessage(message: unknown, index: number): Message {
  const path = `[${index}]`;
  if (!isObject(message)) throw invalidMessage(path, "an object");
  switch (message.role) {
    case "system":
    case "user":
      return {
        role: message.role,
        content: readContent(message.content, path),
      };
    case "assistant":
      return readAssistant(message, path);
    case "tool":
      return readResult(message, path);
    default:
      throw invalidMessage(
        `${path}.role`,
        '"system", "user", "assistant" or "tool"',
      );
  }
}
