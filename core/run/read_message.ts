/**
 * One message of a caller, checked and copied.
 *
 * @module
 */

import { ProviderError } from "../chat/errors.ts";
import { invalidRequest } from "../chat/options.ts";
import { toWanted } from "../chat/wanted.ts";
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
  isList,
  isObject,
  isString,
  isUrl,
} from "../streams/values.ts";

/** What a caller gave for a message. */
export type Fields = Readonly<Record<string, unknown>>;

/**
 * Makes the error for a message that is wrong.
 *
 * @param path Where it is, from the index on.
 * @param wanted What it must be.
 * @param given What the caller gave.
 */
export function invalidMessage(
  path: string,
  wanted: string,
  given?: unknown,
): ProviderError {
  return invalidRequest(
    `messages${path} is not valid: expected ${toWanted(wanted, given)}`,
  );
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
    throw invalidMessage(
      path,
      '{ type: "text", text } or { type: "image", image }',
      image,
    );
  }
  if (mediaType === undefined) return { type, image: copy };
  if (isString(mediaType) && /^image\/[\w.+-]+$/.test(mediaType)) {
    return { type, image: copy, mediaType };
  }
  throw invalidMessage(`${path}.mediaType`, "the type of a picture");
}

/**
 * Reads the content of a message.
 *
 * @param content What the caller gave.
 * @param path Where the message is.
 * @param mayBeEmpty Whether it may say nothing.
 * @throws {ProviderError} If it is wrong, with code `invalid-request`.
 */
export function readContent(
  content: unknown,
  path: string,
  mayBeEmpty = false,
): Message["content"] {
  if (isString(content) && (mayBeEmpty || content !== "")) {
    return content.toWellFormed();
  }
  if (!isList(content) || (content.length === 0 && !mayBeEmpty)) {
    throw invalidMessage(`${path}.content`, "text or a list of parts", content);
  }
  // A copy has no holes, over which `map` would pass.
  return [...content].map((part, index) =>
    readPart(part, `${path}.content[${index}]`)
  );
}

/** Reads the messages that belong to calls of tools. */
export interface CallMessages {
  /** Reads a message of an assistant, which may have calls. */
  readonly readAssistant: (message: Fields, path: string) => AssistantMessage;
  /** Reads the result of a call. */
  readonly readResult: (message: Fields, path: string) => ToolMessage;
}

/** For a provider that takes no tools. */
const NO_CALLS: CallMessages = {
  readAssistant(message, path) {
    const { content, toolCalls } = message;
    if (isList(toolCalls) && toolCalls.length > 0) throw noCalls();
    return { role: "assistant", content: readContent(content, path) };
  },
  readResult() {
    throw noCalls();
  },
};

/** Makes the error for calls that the provider does not take. */
export function noCalls(): ProviderError {
  return cannotSend("Calls of tools");
}

/**
 * Makes the error for what the provider does not take.
 *
 * @param what What it is.
 */
export function cannotSend(what: string): ProviderError {
  return new ProviderError(`${what} cannot be sent`, { code: "unsupported" });
}

/**
 * Reads a message.
 *
 * @param message What the caller gave.
 * @param index Its place among the messages.
 * @param calls Reads calls and results, where the provider takes them.
 * @throws {ProviderError} If it is wrong, with code `invalid-request`, or has
 * calls that the provider does not take, with code `unsupported`.
 */
export function readMessage(
  message: unknown,
  index: number,
  calls: CallMessages = NO_CALLS,
): Message {
  const path = `[${index}]`;
  if (!isObject(message)) {
    throw invalidMessage(path, "{ role, content }", message);
  }
  switch (message.role) {
    case "system":
    case "user":
      return {
        role: message.role,
        content: readContent(message.content, path),
      };
    case "assistant":
      return calls.readAssistant(message, path);
    case "tool":
      return calls.readResult(message, path);
    default:
      throw invalidMessage(
        `${path}.role`,
        '"system", "user", "assistant" or "tool"',
      );
  }
}
