/**
 * What a caller asks, checked before anything is sent.
 *
 * @module
 */

import { readHeaders } from "../http/headers.ts";
import { toPromptTexts } from "../chat/prompt.ts";
import { pairCalls } from "./pair_calls.ts";
import { invalidMessage, readMessage } from "./read_message.ts";
import { toPlainJson } from "./schema.ts";
import {
  ANYTHING,
  BOOLEAN,
  checkOptions,
  integer,
  invalidRequest,
  number,
  type Rules,
} from "../chat/rules.ts";
import {
  type ProviderConfig,
  RETRY_RULES,
  TIMEOUT_RULES,
} from "../http/provider_config.ts";
import { isFilled, isObject, isString } from "../streams/values.ts";
import type { ChatInput, ChatOptions, Message } from "../chat/types.ts";

function isStop(value: unknown): boolean {
  const words = Array.isArray(value) ? value : [value];
  return words.length >= 1 && words.length <= 16 && words.every(isFilled);
}

const RULES: Rules = {
  model: [isString, "a string"],
  conversation: ANYTHING,
  signal: [(value) => value instanceof AbortSignal, "an AbortSignal"],
  stream: BOOLEAN,
  temperature: number(0, 2),
  topP: number(0, 1),
  maxTokens: integer(1),
  frequencyPenalty: number(-2, 2),
  presencePenalty: number(-2, 2),
  stop: [isStop, "1 to 16 words"],
  enforceStop: BOOLEAN,
  seed: [Number.isSafeInteger, "a whole number"],
  reasoningEffort: [isFilled, "a word"],
  tools: ANYTHING,
  toolChoice: ANYTHING,
  parallelToolCalls: BOOLEAN,
  output: ANYTHING,
  image: {
    count: integer(1),
    size: [isFilled, "a size"],
    quality: [isFilled, "a word"],
  },
  extraBody: [isObject, "an object"],
  headers: ANYTHING,
  timeouts: TIMEOUT_RULES,
  ...RETRY_RULES,
};

/** What a run works with: a copy that the caller cannot change any more. */
export interface RunInput {
  /** Well-formed messages. */
  readonly messages: readonly Message[];
  /** The options, checked. */
  readonly options: ChatOptions;
  /** The caller's headers, checked. */
  readonly headers: readonly (readonly [string, string])[];
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
  checkOptions(RULES, options);
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
  const messages = pairCalls(Array.from(given, readMessage));
  const length = messages.reduce(
    (sum, message) =>
      toPromptTexts(message).reduce(
        (length, text) => length + text.length,
        sum,
      ),
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
      ...(options.extraBody !== undefined && {
        extraBody: toPlainJson(options.extraBody, "extraBody"),
      }),
      // What the caller gave may be changed, or be read only once.
      ...(options.headers !== undefined && {
        headers: headers.map((header): [string, string] => [...header]),
      }),
    },
    headers,
  };
}
