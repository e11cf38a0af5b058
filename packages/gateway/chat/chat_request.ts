/**
 * What a client of OpenAI's asks for.
 *
 * @module
 */

import type { ChatOptions, ContentPart, Message } from "@parley/chat";
import { toPath } from "@parley/chat/provider";
import * as z from "zod/mini";
import { ModelName, parseBody } from "../http/request_fields.ts";
import { Refusal } from "../http/failures.ts";

/** A request for a chat completion. */
export interface ChatRequest {
  /** The name of the model. */
  readonly model: string;
  /** The messages. */
  readonly messages: readonly Message[];
  /** The settings. */
  readonly settings: Pick<
    ChatOptions,
    | "temperature"
    | "topP"
    | "maxTokens"
    | "frequencyPenalty"
    | "presencePenalty"
  >;
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

const Part = z.object({
  type: z.string("a string"),
  text: z.nullish(z.string("a string")),
  image_url: z.nullish(
    z.object({ url: z.string("a URL") }, "an object with a url"),
  ),
}, "an object");

const MessageBody = z.object({
  role: z.string("a string"),
  content: z.nullish(
    z.union(
      [z.string(), z.array(z.unknown())],
      "a string or a list of parts",
    ),
  ),
  tool_calls: list,
  function_call: z.nullish(z.unknown()),
}, "an object");

const ChatBody = z.object({
  model: ModelName,
  messages: z.array(z.unknown(), "a list of messages"),
  stream: flag,
  stream_options: z.nullish(
    z.object({ include_usage: flag, include_restarts: flag }, "an object"),
  ),
  temperature: number(0, 2),
  top_p: number(0, 1),
  max_tokens: count,
  max_completion_tokens: count,
  frequency_penalty: number(-2, 2),
  presence_penalty: number(-2, 2),
  n: count,
  tools: list,
  tool_choice: z.nullish(z.unknown()),
  functions: list,
  conversation: z.nullish(z.string("a string")),
});

/** A developer's message is what newer models of OpenAI call the system's. */
const ROLES: ReadonlyMap<string, "system" | "user" | "assistant"> = new Map([
  ["system", "system"],
  ["developer", "system"],
  ["user", "user"],
  ["assistant", "assistant"],
]);

function readPart(part: unknown, at: readonly PropertyKey[]): ContentPart {
  const { type, text, image_url: image } = parseBody(Part, part, at);
  const path = toPath(at);
  if (type === "text" && typeof text === "string") return { type, text };
  if (type === "image_url" && image) {
    if (/^(?:https?:\/\/|data:image\/)/i.test(image.url)) {
      return { type: "image", image: image.url };
    }
    throw new Refusal(400, {
      message: `${path}.image_url.url is not valid: expected an http or ` +
        "https URL, or a data URL of a picture",
      param: `${path}.image_url.url`,
      code: "invalid_image_url",
    });
  }
  throw new Refusal(400, {
    message: `${path} is not valid: expected text or image_url`,
    param: path,
    code: "unsupported_value",
  });
}

function readMessage(value: unknown, index: number): Message {
  const at = ["messages", index];
  const path = toPath(at);
  const message = parseBody(MessageBody, value, at);
  const role = ROLES.get(message.role);
  if (role === undefined) {
    throw new Refusal(400, {
      message: `${path}.role is not valid: expected "system", "developer", ` +
        '"user" or "assistant"; tools are not supported',
      param: `${path}.role`,
      code: "unsupported_value",
    });
  }
  if (message.tool_calls?.length || message.function_call) {
    throw refuseTools(`${path}.tool_calls`);
  }
  const content = message.content ?? "";
  return {
    role,
    content: typeof content === "string"
      ? content
      : content.map((part, index) => readPart(part, [...at, "content", index])),
  };
}

function refuseTools(param: string): Refusal {
  return new Refusal(400, {
    message: "Tools are not supported",
    param,
    code: "unsupported_parameter",
  });
}

/**
 * Reads the body of a request for a chat completion. Fields that mean nothing
 * to a provider are ignored; what would change the answer's shape is refused.
 *
 * @param body The body, parsed.
 * @returns The request.
 * @throws {Refusal} If it is wrong, with status 400.
 */
export function readChatRequest(
  body: Readonly<Record<string, unknown>>,
): ChatRequest {
  const fields = parseBody(ChatBody, body);
  if ((fields.n ?? 1) > 1) {
    throw new Refusal(400, {
      message: "Only one choice is supported",
      param: "n",
      code: "unsupported_value",
    });
  }
  // With the choice "none" they change nothing.
  if (fields.tool_choice !== "none") {
    if (fields.tools?.length) throw refuseTools("tools");
    if (fields.functions?.length) throw refuseTools("functions");
  }
  // Clients keep the empty answers of models in their history.
  const messages = fields.messages
    .map(readMessage)
    .filter(({ content }) => content.length > 0);
  if (messages.length === 0) {
    throw new Refusal(400, {
      message: "There is no message that says anything",
      param: "messages",
      code: "invalid_value",
    });
  }
  return {
    model: fields.model,
    messages,
    settings: {
      temperature: fields.temperature ?? undefined,
      topP: fields.top_p ?? undefined,
      maxTokens: fields.max_completion_tokens ?? fields.max_tokens ?? undefined,
      frequencyPenalty: fields.frequency_penalty ?? undefined,
      presencePenalty: fields.presence_penalty ?? undefined,
    },
    isStream: fields.stream ?? false,
    includeUsage: fields.stream_options?.include_usage ?? false,
    includeRestarts: fields.stream_options?.include_restarts ?? false,
    conversation: fields.conversation ?? undefined,
  };
}
