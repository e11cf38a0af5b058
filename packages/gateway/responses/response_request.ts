/**
 * What a client of OpenAI's Responses asks for, as a chat completion.
 *
 * @module
 */

import type { Warning } from "@parley/chat";
import * as z from "zod/mini";
import {
  createIgnoredFields,
  type IgnoredFields,
} from "../chat/ignored_fields.ts";
import { parseBody, refuseParameter } from "../http/request_fields.ts";
import { readItems } from "./input_items.ts";
import type { Item } from "./item_memory.ts";
import {
  readAdditionalTools,
  readTools,
  type ResponseTools,
  toChatName,
} from "./response_tools.ts";

/** Plain JSON. */
export type Fields = Readonly<Record<string, unknown>>;

const text = z.string("a string");
const flag = z.nullish(z.boolean("true or false"));
const fields = z.nullish(z.looseObject({}, "an object"));
const list = z.nullish(z.array(z.unknown(), "a list"));

const ResponseBody = z.object({
  input: z.union([text, z.array(z.unknown())], "a string or a list of items"),
  instructions: z.nullish(text),
  stream: flag,
  store: flag,
  max_output_tokens: z.nullish(z.unknown()),
  reasoning: fields,
  stream_options: fields,
  text: fields,
  tools: list,
  tool_choice: z.nullish(z.unknown()),
  include: list,
  truncation: z.nullish(text),
});

/** What would need an answer, or a tool, that is kept or run elsewhere. */
const UNSUPPORTED = [
  "background",
  "conversation",
  "max_tool_calls",
  "previous_response_id",
  "prompt",
];

/** What would be in the answer, and is not. */
const LOGPROBS = "message.output_text.logprobs";

/** A request for a response. */
export interface ResponseRequest {
  /** The same request, for a chat completion. */
  readonly body: Fields;
  /** Whether the answer is a stream. */
  readonly isStream: boolean;
  /** Whether its items may be referred to later. */
  readonly isKept: boolean;
  /** Its tools. */
  readonly tools: ResponseTools;
  /** What of it has no effect, beside what the chat says of itself. */
  readonly warnings: readonly Warning[];
}

/** Copies some fields, the missing ones as `undefined`. */
function pick(body: Fields, names: readonly string[]): Fields {
  return Object.fromEntries(names.map((name) => [name, body[name]]));
}

function toNamed(choice: unknown): unknown {
  const { type, name, namespace } = Object(choice);
  return {
    type: type === "custom" ? "function" : type,
    function: { name: toChatName({ name, namespace }) },
  };
}

function toToolChoice(choice: unknown): unknown {
  if (typeof choice !== "object" || choice === null) return choice;
  const { type, mode, tools } = Object(choice);
  if (type !== "allowed_tools") return toNamed(choice);
  const named = Array.isArray(tools) ? tools.map(toNamed) : tools;
  return { type, allowed_tools: { mode, tools: named } };
}

function toFormat(format: unknown): unknown {
  const { type, ...schema } = Object(format);
  if (format === undefined) return undefined;
  return type === "json_schema" ? { type, json_schema: schema } : { type };
}

/** Notes the settings that have no effect; what is done anyway has. */
function noteSettings(
  { include, reasoning, text, truncation }: z.infer<typeof ResponseBody>,
  ignored: IgnoredFields,
): void {
  if (include?.includes(LOGPROBS)) {
    throw refuseParameter("include", `"${LOGPROBS}" is not supported`);
  }
  ignored.note({ include }, []);
  // A prompt is never cut, and all that was thought is told.
  ignored.note({ truncation }, truncation === "disabled" ? ["truncation"] : []);
  const { summary, generate_summary } = reasoning ?? {};
  ignored.note(reasoning ?? {}, [
    "effort",
    ...summary === "auto" ? ["summary"] : [],
    ...generate_summary === "auto" ? ["generate_summary"] : [],
  ], "reasoning.");
  ignored.note(text ?? {}, ["format", "verbosity"], "text.");
}

/**
 * Reads the body of a request for a response.
 *
 * @param body The body, parsed.
 * @param find Finds an item that is referred to.
 * @returns The request, to be read as one for a chat completion.
 * @throws {Refusal} If it asks for what is not there, with status 400.
 */
export function readResponseRequest(
  body: Fields,
  find: (id: string) => Item | undefined,
): ResponseRequest {
  const wanted = UNSUPPORTED.find((name) =>
    body[name] !== undefined && body[name] !== null && body[name] !== false
  );
  if (wanted !== undefined) {
    throw refuseParameter(wanted, `Field "${wanted}" is not supported`);
  }
  const known = parseBody(ResponseBody, body);
  const { instructions, reasoning, text } = known;
  const ignored = createIgnoredFields();
  noteSettings(known, ignored);
  const lists = [
    ...known.tools ? [{ tools: known.tools, at: ["tools"] }] : [],
    ...readAdditionalTools(known.input),
  ];
  const tools = readTools(lists, ignored);
  const isStream = known.stream ?? false;
  const messages = readItems(known.input, find, ignored);
  const chat = {
    messages: instructions
      ? [{ role: "system", content: instructions }, ...messages]
      : messages,
    stream: isStream,
    stream_options: isStream
      ? { ...known.stream_options, include_usage: true }
      : known.stream_options,
    max_completion_tokens: known.max_output_tokens,
    reasoning_effort: reasoning?.effort,
    verbosity: text?.verbosity,
    response_format: toFormat(text?.format),
    tools: lists.length > 0 ? tools.functions : undefined,
    tool_choice: toToolChoice(known.tool_choice),
  };
  const own = Object.keys(ResponseBody.shape);
  // The names that only a chat completion has.
  const foreign = Object.keys(chat).filter((name) => !own.includes(name));
  ignored.note(pick(body, foreign), []);
  return {
    isStream,
    isKept: known.store ?? true,
    tools,
    warnings: [...tools.warnings, ...ignored.toWarnings()],
    body: { ...body, ...pick({}, own), ...chat },
  };
}

/** The names of a chat completion, and what they are called here. */
const NAMES: readonly (readonly [RegExp, string])[] = [
  [/\bmax_completion_tokens\b/g, "max_output_tokens"],
  [/\breasoning_effort\b/g, "reasoning.effort"],
  [/\bresponse_format(?:\.json_schema)?\b/g, "text.format"],
  [/\bverbosity\b/g, "text.verbosity"],
  [/\b(tools\[\d*\]|tool_choice)\.(?:function|allowed_tools)\b/g, "$1"],
  [/\bmessages\[\]\.reasoning_content\b/g, "input[].summary"],
  // Several items may be one message.
  [/\bmessages(?:\[\d+\][\w.[\]]*)?/g, "input"],
];

/**
 * Writes the names of a chat completion as those of a response.
 *
 * @param words What names fields.
 * @param tools The paths of the tools.
 */
export function renameFields(
  words: string,
  tools: readonly string[] = [],
): string {
  return NAMES.reduce(
    (renamed, [name, other]) => renamed.replaceAll(name, other),
    words,
  ).replaceAll(
    /\btools\[(\d+)\]/g,
    (path, index) => tools[Number(index)] ?? path,
  );
}
