/**
 * What a caller asks, checked before anything is sent.
 *
 * @module
 */

import * as z from "zod/mini";
import type { ProviderError } from "../chat/errors.ts";
import { readHeaders } from "../http/headers.ts";
import { toText } from "../chat/prompt.ts";
import {
  createCheck,
  flag,
  integer,
  number,
  once,
  type OptionSchemas,
} from "../chat/option_schemas.ts";
import { invalidRequest } from "../chat/options.ts";
import {
  type ProviderConfig,
  toRetrySchemas,
} from "../http/provider_config.ts";
import {
  isBytes,
  isFilled,
  isObject,
  isString,
  isUrl,
} from "../streams/values.ts";
import type {
  ChatInput,
  ChatOptions,
  ContentPart,
  ImagePart,
  Message,
} from "../chat/types.ts";

/** Whether a value is an `AbortSignal`, of any realm. */
function isSignal(value: unknown): boolean {
  return isObject(value) && typeof value.aborted === "boolean" &&
    typeof value.throwIfAborted === "function" &&
    typeof value.addEventListener === "function";
}

/** What settings of a request must be, whatever it asks for. */
export const toRequestSchemas: () => OptionSchemas = /* @__PURE__ */ once(
  () => ({
    signal: z.custom(
      isSignal,
      "an AbortSignal",
    ),
    // Where they are read they are checked, too.
    headers: z.unknown(),
    ...toRetrySchemas(),
  }),
);

const checkRunOptions = /* @__PURE__ */ createCheck(() => ({
  ...toRequestSchemas(),
  model: z.string("a string"),
  conversation: z.unknown(),
  stream: flag(),
  temperature: number(0, 2),
  topP: number(0, 1),
  maxTokens: integer(1),
  frequencyPenalty: number(-2, 2),
  presencePenalty: number(-2, 2),
}));

/** What a run works with: a copy that the caller cannot change any more. */
export interface RunInput {
  /** Well-formed messages. */
  readonly messages: readonly Message[];
  /** The options, checked. */
  readonly options: ChatOptions;
  /** The caller's headers, checked. */
  readonly headers: readonly (readonly [string, string])[];
}

function invalidMessage(path: string, wanted: string): ProviderError {
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

function readMessage(message: unknown, path: string): Message {
  if (!isObject(message)) throw invalidMessage(path, "an object");
  const { role, content } = message;
  if (role !== "system" && role !== "user" && role !== "assistant") {
    throw invalidMessage(`${path}.role`, '"system", "user" or "assistant"');
  }
  if (isFilled(content)) {
    return { role, content: content.toWellFormed() };
  }
  if (!Array.isArray(content) || content.length === 0) {
    throw invalidMessage(`${path}.content`, "text or parts");
  }
  return {
    role,
    // Unlike `map`, it does not pass over holes.
    content: Array.from(
      content,
      (part, index) => readPart(part, `${path}.content[${index}]`),
    ),
  };
}

/**
 * Checks the input of a run and takes a copy of it.
 *
 * @param input A prompt, or the messages of a chat.
 * @param options The options of the run.
 * @param limits How much is too much.
 * @throws {ProviderError} If anything is wrong, with code `invalid-request`.
 */
export function readInput(
  input: ChatInput,
  options: ChatOptions,
  limits: ProviderConfig["limits"],
): RunInput {
  checkRunOptions(options);
  if (input === "") throw invalidRequest("Prompt is empty");
  const given: unknown = typeof input === "string"
    ? [{ role: "user", content: input }]
    : input;
  if (!Array.isArray(given) || given.length === 0) {
    throw invalidMessage("", "text or messages");
  }
  if (given.length > limits.messages) {
    throw invalidRequest(`Input has more than ${limits.messages} messages`);
  }
  const messages = Array.from(
    given,
    (message, index) => readMessage(message, `[${index}]`),
  );
  const length = messages.reduce(
    (sum, message) => sum + toText(message).length,
    0,
  );
  if (length > limits.promptLength) {
    throw invalidRequest(
      `Input is longer than ${limits.promptLength} characters`,
    );
  }
  const headers = readHeaders(options.headers);
  return {
    messages,
    options: {
      ...options,
      // What the caller gave may be changed, or be read only once.
      ...(options.headers !== undefined && {
        headers: headers.map((header): [string, string] => [...header]),
      }),
    },
    headers,
  };
}
