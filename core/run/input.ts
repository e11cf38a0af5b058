/**
 * What a caller asks, checked before anything is sent.
 *
 * @module
 */

import { readHeaders } from "../http/headers.ts";
import { toPromptTexts } from "../chat/prompt.ts";
import {
  type CallMessages,
  invalidMessage,
  readMessage,
} from "./read_message.ts";
import { toOuterRun } from "./outer_run.ts";
import { toPlainJson } from "./schema.ts";
import {
  anything,
  createCheck,
  filled,
  flag,
  integer,
  number,
  toOptions,
} from "../chat/option_schemas.ts";
import { invalidOption, invalidRequest } from "../chat/options.ts";
import { custom, type ZodShape } from "../chat/zod.ts";
import {
  type ProviderConfig,
  toRetrySchemas,
} from "../http/provider_config.ts";
import { once } from "../streams/once.ts";
import { isFilled, isList, isObject, isString } from "../streams/values.ts";
import type { ChatInput, ChatOptions, Message } from "../chat/types.ts";

function isStop(value: unknown): boolean {
  const words = isList(value) ? value : [value];
  return words.length >= 1 && words.length <= 16 && words.every(isFilled);
}

/** Whether a value is an `AbortSignal`, of any realm. */
function isSignal(value: unknown): boolean {
  return isObject(value) && typeof value.aborted === "boolean" &&
    typeof value.throwIfAborted === "function" &&
    typeof value.addEventListener === "function";
}

/** What settings of a request must be, whatever it asks for. */
export const toRequestSchemas: () => ZodShape = /* @__PURE__ */ once(
  () => ({
    signal: custom(
      isSignal,
      "an AbortSignal",
    ),
    headers: anything(),
    ...toRetrySchemas(),
  }),
);

/** What the options of a run must be. */
export const toRunSchemas = (): ZodShape => ({
  ...toRequestSchemas(),
  model: custom(isString, "a string"),
  conversation: anything(),
  stream: flag(),
  temperature: number(0, 2),
  topP: number(0, 1),
  maxTokens: integer(1),
  frequencyPenalty: number(-2, 2),
  presencePenalty: number(-2, 2),
  stop: custom(isStop, "1 to 16 words"),
  enforceStop: flag(),
  seed: custom(Number.isSafeInteger, "a whole number"),
  reasoningEffort: filled("a word"),
  tools: anything(),
  toolChoice: anything(),
  parallelToolCalls: flag(),
  output: anything(),
  image: toOptions({
    count: integer(1),
    size: filled("a size"),
    quality: filled("a word"),
  }),
  extraBody: custom(isObject, "an object"),
});

const checkRunOptions = /* @__PURE__ */ createCheck(toRunSchemas);

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
 * @param calls Reads calls and results, where the provider takes them.
 * @throws {ProviderError} If anything is wrong, with code `invalid-request`, or
 * has calls that the provider does not take, with code `unsupported`.
 */
export function readInput(
  input: ChatInput,
  options: ChatOptions,
  limits: ProviderConfig["limits"],
  calls?: CallMessages,
): RunInput {
  if (isObject(options) && Object.hasOwn(options, "system")) {
    throw invalidOption("system", 'is a message: { role: "system", content }');
  }
  if (toOuterRun(options ?? {}).checked !== options) {
    checkRunOptions(options);
  }
  if (input === "") throw invalidRequest("Prompt is empty");
  const given: unknown = isString(input)
    ? [{ role: "user", content: input }]
    : input;
  if (!isList(given) || given.length === 0) {
    throw invalidMessage(
      "",
      'text or a list of messages, such as [{ role: "user", content: "Hi" }]',
      given,
    );
  }
  if (given.length > limits.messages) {
    throw invalidRequest(`Input has more than ${limits.messages} messages`);
  }
  // A copy has no holes, over which `map` would pass.
  const messages = [...given].map((message, index) =>
    readMessage(message, index, calls)
  );
  const length = messages.flatMap(toPromptTexts)
    .reduce((sum, text) => sum + text.length, 0);
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
