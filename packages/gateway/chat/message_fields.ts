/**
 * The messages of a request for a chat completion.
 *
 * @module
 */

import type { ContentPart, Message } from "@parley/chat";
import { toPath } from "@parley/chat/provider";
import * as z from "zod/mini";
import { Refusal } from "../http/failures.ts";
import { parseBody, refuseParameter } from "../http/request_fields.ts";
import type { IgnoredFields } from "./ignored_fields.ts";

const text = z.nullish(z.string("a string"));
const list = z.nullish(z.array(z.unknown(), "a list"));
const json = z.nullish(z.looseObject({}, "an object"));

const Part = z.object({
  type: z.string("a string"),
  text,
  refusal: text,
  image_url: z.nullish(
    z.looseObject({ url: z.string("a URL") }, "an object with a url"),
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
  refusal: text,
  tool_call_id: text,
  tool_calls: list,
  function_call: z.nullish(z.unknown()),
  reasoning_content: text,
  reasoning_details: list,
  extra_content: json,
}, "an object");

const CallFunction = z.looseObject({
  name: z.string("a name").check(z.minLength(1, "a name")),
  arguments: z.string("a string"),
}, "an object");

const CallBody = z.object({
  id: z.string("a string"),
  type: z.nullish(z.string("a string")),
  function: z.optional(CallFunction),
  extra_content: json,
}, "an object");

type MessageFields = z.infer<typeof MessageBody>;
type AssistantMessage = Extract<Message, { readonly role: "assistant" }>;
type ToolCalls = NonNullable<AssistantMessage["toolCalls"]>;
type Path = readonly PropertyKey[];

function readPart(
  part: unknown,
  at: Path,
  ignored: IgnoredFields,
): ContentPart {
  const fields = parseBody(Part, part, at);
  const { type, image_url: image } = fields;
  const path = toPath(at);
  ignored.note(Object(part), Object.keys(Part.shape), "messages[].content[].");
  // What a model refused with is echoed in a form of its own.
  const said = type === "refusal" ? fields.refusal : fields.text;
  if ((type === "text" || type === "refusal") && typeof said === "string") {
    return { type: "text", text: said };
  }
  if (type === "image_url" && image) {
    ignored.note(image, ["url"], "messages[].content[].image_url.");
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

/** The input of a call is handed on as the model wrote it. */
function readCall(value: unknown, at: Path): ToolCalls[number] {
  const call = parseBody(CallBody, value, at);
  const { id, function: called, extra_content: extra } = call;
  if (called === undefined || (call.type ?? "function") !== "function") {
    throw refuseParameter(toPath(at), "Only calls of functions are supported");
  }
  return {
    id,
    name: called.name,
    input: undefined,
    rawInput: called.arguments,
    ...(extra && { opaque: { extra_content: extra } }),
  };
}

function readAssistant(
  { tool_calls, reasoning_content: reasoning, ...rest }: MessageFields,
  content: Message["content"],
  at: Path,
): AssistantMessage {
  const { reasoning_details: details, extra_content: extra } = rest;
  const calls = (tool_calls ?? []).map((call, index) =>
    readCall(call, [...at, "tool_calls", index])
  );
  const opaque = {
    ...(details && { reasoning_details: details }),
    ...(extra && { extra_content: extra }),
  };
  return {
    role: "assistant",
    content: content.length === 0 ? rest.refusal ?? "" : content,
    ...(calls.length > 0 && { toolCalls: calls }),
    ...(reasoning && { reasoning }),
    ...(Object.keys(opaque).length > 0 && { opaque }),
  };
}

/** Fields that each message has. */
const ALL_FIELDS = ["role", "content"];

/** Those that are read with the calls of a message. */
const CALL_FIELDS = ["reasoning_content", "reasoning_details", "extra_content"];

/** The fields of a message that have an effect. */
function toReadFields(
  { role, content, tool_calls: calls }: MessageFields,
): readonly string[] {
  if (role === "tool") return [...ALL_FIELDS, "tool_call_id"];
  if (role !== "assistant") return ALL_FIELDS;
  return [
    ...ALL_FIELDS,
    "tool_calls",
    ...(content?.length ?? 0) > 0 ? [] : ["refusal"],
    // Nobody wants back what a model thought before it answered in words.
    ...(calls?.length ?? 0) > 0 ? CALL_FIELDS : [],
  ];
}

function readMessage(
  value: unknown,
  index: number,
  ignored: IgnoredFields,
): Message {
  const at = ["messages", index];
  const path = toPath(at);
  const message = parseBody(MessageBody, value, at);
  const { role } = message;
  ignored.note(Object(value), toReadFields(message), "messages[].");
  if (message.function_call || role === "function") {
    throw refuseParameter(
      message.function_call ? `${path}.function_call` : `${path}.role`,
      "Functions are not supported: tools are",
    );
  }
  const given = message.content ?? "";
  const content = typeof given === "string"
    ? given
    : given.map((part, index) =>
      readPart(part, [...at, "content", index], ignored)
    );
  switch (role) {
    // A developer's message is what newer models of OpenAI call the system's.
    case "developer":
    case "system":
      return { role: "system", content };
    case "user":
      return { role, content };
    case "assistant":
      return readAssistant(message, content, at);
    case "tool": {
      const callId = parseBody(
        z.string("the id of a call"),
        message.tool_call_id,
        [
          ...at,
          "tool_call_id",
        ],
      );
      return { role, callId, content };
    }
    default:
      throw new Refusal(400, {
        message: `${path}.role is not valid: expected "system", "developer", ` +
          '"user", "assistant" or "tool"',
        param: `${path}.role`,
        code: "unsupported_value",
      });
  }
}

/** Clients keep the empty answers of models in their history. */
function isSaid(message: Message): boolean {
  return message.content.length > 0 || message.role === "tool" ||
    (message.role === "assistant" && message.toolCalls !== undefined);
}

/**
 * Reads the messages of a request.
 *
 * @param values The messages, parsed.
 * @param ignored Gets the fields that have no effect.
 * @returns Those that say anything.
 * @throws {Refusal} If one is wrong, or none says anything, with status 400.
 */
export function readMessages(
  values: readonly unknown[],
  ignored: IgnoredFields,
): readonly Message[] {
  const messages = values
    .map((value, index) => readMessage(value, index, ignored))
    .filter(isSaid);
  if (messages.length > 0) return messages;
  throw new Refusal(400, {
    message: "There is no message that says anything",
    param: "messages",
    code: "invalid_value",
  });
}
