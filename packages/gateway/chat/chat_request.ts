/**
 * What a client of OpenAI's asks for.
 *
 * @module
 */

import type { ChatOptions, Message, Warning } from "@parley/chat";
import * as z from "zod/mini";
import {
  ModelName,
  parseBody,
  refuseParameter,
} from "../http/request_fields.ts";
import { createIgnoredFields, toIgnoredWarning } from "./ignored_fields.ts";
import { readMessages } from "./message_fields.ts";
import {
  type NamedOutput,
  readFormat,
  readToolOptions,
} from "./tool_fields.ts";

/** A request for a chat completion. */
export interface ChatRequest {
  /** The name of the model. */
  readonly model: string;
  /** The messages. */
  readonly messages: readonly Message[];
  /** The settings, tools and the form of the answer. */
  readonly settings: ChatOptions & {
    readonly output?: NamedOutput | undefined;
  };
  /** Fields that go to the upstream as they are, where it takes any. */
  readonly passed: Readonly<Record<string, unknown>>;
  /** What has no effect, whoever answers. */
  readonly warnings: readonly Warning[];
  /** Whether the answer is a stream. */
  readonly isStream: boolean;
  /** Whether a stream ends with the tokens that it took. */
  readonly includeUsage: boolean;
  /** Whether a stream may begin anew. */
  readonly includeRestarts: boolean;
  /** The token of the conversation to go on with. */
  readonly conversation: string | undefined;
}

const number = (from: number, to: number) =>
  z.nullish(
    z.number(`a number from ${from} to ${to}`).check(
      z.gte(from, `a number from ${from} to ${to}`),
      z.lte(to, `a number from ${from} to ${to}`),
    ),
  );
const count = z.nullish(
  z.int("a whole number from 1").check(z.gte(1, "a whole number from 1")),
);
const flag = z.nullish(z.boolean("true or false"));
const list = z.nullish(z.array(z.unknown(), "a list"));
const anything = z.nullish(z.unknown());
const word = z.string("a word").check(z.minLength(1, "a word"));
const STOP = "a word of at most 1024 characters, or up to 16";
/** What is compared with each piece of an answer is short. */
const stopWord = z.string(STOP).check(
  z.minLength(1, STOP),
  z.maxLength(1_024, STOP),
);

const StreamOptions = z.object({
  include_usage: flag,
  include_restarts: flag,
});

const ChatBody = z.object({
  model: ModelName,
  messages: z.array(z.unknown(), "a list of messages"),
  stream: flag,
  stream_options: z.nullish(z.looseObject(StreamOptions.shape, "an object")),
  temperature: number(0, 2),
  top_p: number(0, 1),
  max_tokens: count,
  max_completion_tokens: count,
  frequency_penalty: number(-2, 2),
  presence_penalty: number(-2, 2),
  stop: z.nullish(
    z.union([stopWord, z.array(stopWord).check(z.maxLength(16))], STOP),
  ),
  seed: z.nullish(z.int("a whole number")),
  reasoning_effort: z.nullish(word),
  tools: list,
  tool_choice: anything,
  parallel_tool_calls: flag,
  response_format: anything,
  conversation: z.nullish(z.string("a string")),
  // What no provider takes, and would change what the answer looks like.
  n: count,
  logprobs: flag,
  top_logprobs: z.nullish(z.int("a whole number")),
  audio: anything,
  modalities: list,
  functions: list,
  function_call: anything,
});

type ChatFields = z.infer<typeof ChatBody>;

const SHAPE: Readonly<Record<string, z.ZodMiniType>> = ChatBody.shape;
const KNOWN = Object.keys(SHAPE);
const REQUIRED = KNOWN.filter((name) => !SHAPE[name]?.safeParse(null).success);

/**
 * Whether the fields of a body are right. Few are there, and the schema would look
 * at each that could be.
 */
function isRight(
  body: Readonly<Record<string, unknown>>,
): body is ChatFields {
  return REQUIRED.every((name) => Object.hasOwn(body, name)) &&
    Object.keys(body).every((name) =>
      !Object.hasOwn(SHAPE, name) ||
      SHAPE[name]?.safeParse(body[name]).success
    );
}

/**
 * Whether the gateway reads a field itself, so that it is none to be passed on.
 *
 * @param name The field.
 */
export function isKnownField(name: string): boolean {
  return KNOWN.includes(name);
}

/** Refuses what changes the shape of an answer and cannot be had. */
function refuseShapes(fields: ChatFields): void {
  const { n, logprobs, top_logprobs, audio, modalities } = fields;
  const { functions, function_call: called } = fields;
  const wanted = {
    n: (n ?? 1) > 1,
    logprobs: logprobs === true,
    top_logprobs: (top_logprobs ?? 0) > 0,
    audio: audio !== null && audio !== undefined,
    modalities: modalities?.some((modality) => modality !== "text") ?? false,
    functions: (functions?.length ?? 0) > 0,
    function_call: called !== null && called !== undefined &&
      called !== "none" && called !== "auto",
  };
  for (const [name, isWanted] of Object.entries(wanted)) {
    if (isWanted) {
      throw refuseParameter(name, `Field "${name}" is not supported`);
    }
  }
}

/**
 * Reads the body of a request for a chat completion. Of fields that have no
 * effect its reader is warned; what would change the answer's shape is refused.
 *
 * @param body The body, parsed.
 * @param passFields The fields that go to the upstream as they are.
 * @returns The request.
 * @throws {Refusal} If it is wrong, with status 400.
 */
export function readChatRequest(
  body: Readonly<Record<string, unknown>>,
  passFields: readonly string[] = [],
): ChatRequest {
  // The schema says what is wrong.
  const fields = isRight(body) ? body : parseBody(ChatBody, body);
  refuseShapes(fields);
  const ignored = createIgnoredFields();
  ignored.note(body, [...KNOWN, ...passFields]);
  const { max_tokens, max_completion_tokens, stop, stream_options } = fields;
  if (stream_options) {
    ignored.note(
      stream_options,
      Object.keys(StreamOptions.shape),
      "stream_options.",
    );
  }
  const messages = readMessages(fields.messages, ignored);
  const isDoubled = max_tokens && max_completion_tokens &&
    max_tokens !== max_completion_tokens;
  return {
    model: fields.model,
    messages,
    settings: {
      temperature: fields.temperature ?? undefined,
      topP: fields.top_p ?? undefined,
      maxTokens: max_completion_tokens ?? max_tokens ?? undefined,
      frequencyPenalty: fields.frequency_penalty ?? undefined,
      presencePenalty: fields.presence_penalty ?? undefined,
      stop: stop?.length ? stop : undefined,
      // Some servers let it through, and others know no such thing.
      enforceStop: true,
      seed: fields.seed ?? undefined,
      reasoningEffort: fields.reasoning_effort ?? undefined,
      parallelToolCalls: fields.parallel_tool_calls ?? undefined,
      ...readToolOptions(fields.tools ?? [], fields.tool_choice, ignored),
      output: readFormat(fields.response_format, ignored),
    },
    passed: Object.fromEntries(
      passFields
        .filter((name) => Object.hasOwn(body, name) && body[name] !== null)
        .map((name) => [name, body[name]]),
    ),
    warnings: [
      ...ignored.toWarnings(),
      ...isDoubled ? [toIgnoredWarning("max_tokens")] : [],
    ],
    isStream: fields.stream ?? false,
    includeUsage: stream_options?.include_usage ?? false,
    includeRestarts: stream_options?.include_restarts ?? false,
    conversation: fields.conversation ?? undefined,
  };
}
