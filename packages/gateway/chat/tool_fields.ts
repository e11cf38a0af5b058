/**
 * The tools of a request, and the form of the answer that it wants.
 *
 * @module
 */

import {
  type ChatOptions,
  type JsonSchema,
  jsonSchema,
  type OutputOptions,
  type Tool,
} from "@parley/chat";
import { toPath } from "@parley/chat/provider";
import * as z from "zod/mini";
import { Refusal } from "../http/failures.ts";
import { parseBody, refuseParameter } from "../http/request_fields.ts";
import type { IgnoredFields } from "./ignored_fields.ts";

/** The most tools of a request. */
const MAX_TOOLS = 128;

const NAME = "1 to 64 letters, digits, _ and -";
const name = z.string(NAME).check(z.regex(/^[\w-]{1,64}$/, NAME));
const text = z.nullish(z.string("a string"));
const flag = z.nullish(z.boolean("true or false"));
const json = z.nullish(z.looseObject({}, "an object"));

const ToolType = z.object({ type: z.string("a string") }, "an object");
const FunctionBody = z.object({
  name,
  description: text,
  parameters: json,
  strict: flag,
}, "an object");

const Named = z.object({ function: z.object({ name }, "an object") });
const Allowed = z.object({
  mode: z.enum(["auto", "required"], '"auto" or "required"'),
  tools: z.array(z.unknown(), "a list"),
}, "an object");

const FormatType = z.object({
  type: z.enum(
    ["text", "json_object", "json_schema"],
    '"text", "json_object" or "json_schema"',
  ),
}, "an object");
const FormatBody = z.object({
  name,
  description: text,
  schema: json,
  strict: flag,
}, "an object");

/** What a request says of tools. */
export type ToolOptions = Pick<ChatOptions, "tools" | "toolChoice">;

/** An object to answer with. */
export type NamedOutput = OutputOptions & { readonly name: string };

function invalid(param: string, wanted: string): Refusal {
  return new Refusal(400, {
    message: `Field "${param}" is not valid: expected ${wanted}`,
    param,
    code: "invalid_value",
  });
}

/** Clients leave out what the root is, which can be nothing but an object. */
function toSchema(
  schema: JsonSchema,
  param: string,
): ReturnType<typeof jsonSchema> {
  const { type = "object" } = schema;
  if (type !== "object") throw invalid(`${param}.type`, '"object"');
  return jsonSchema({ ...schema, type });
}

function readTool(value: unknown, index: number, ignored: IgnoredFields): Tool {
  const at = ["tools", index];
  const { type } = parseBody(ToolType, value, at);
  if (type !== "function") {
    throw refuseParameter(
      toPath([...at, "type"]),
      "Only tools that are functions are supported",
    );
  }
  const { function: body } = Object(value);
  ignored.note(Object(value), ["type", "function"], "tools[].");
  const path = [...at, "function"];
  const tool = parseBody(FunctionBody, body, path);
  ignored.note(body, Object.keys(FunctionBody.shape), "tools[].function.");
  return {
    name: tool.name,
    description: tool.description ?? undefined,
    inputSchema: toSchema(
      tool.parameters ?? { type: "object", properties: {} },
      toPath([...path, "parameters"]),
    ),
    strict: tool.strict ?? undefined,
  };
}

/** Reads the name of the one function that must be called. */
function readName(value: unknown, at: readonly PropertyKey[]): string {
  if (Object(value).type !== "function") {
    throw refuseParameter(
      toPath([...at, "type"]),
      "Only tools that are functions are supported",
    );
  }
  return parseBody(Named, value, at).function.name;
}

function readAllowed(choice: unknown, tools: readonly Tool[]): ToolOptions {
  const at = ["tool_choice", "allowed_tools"];
  const { mode, tools: allowed } = parseBody(
    Allowed,
    Object(choice).allowed_tools,
    at,
  );
  const names = new Set(
    allowed.map((tool, index) => readName(tool, [...at, "tools", index])),
  );
  const known = tools.filter(({ name }) => names.has(name));
  if (known.length < names.size || known.length === 0) {
    throw invalid("tool_choice.allowed_tools.tools", "names of tools");
  }
  return { tools: known, toolChoice: mode };
}

/**
 * Reads the tools of a request, and which are to be called.
 *
 * @param values The tools, parsed.
 * @param choice Which are to be called.
 * @param ignored Gets the fields that have no effect.
 * @throws {Refusal} If they are wrong, with status 400.
 */
export function readToolOptions(
  values: readonly unknown[],
  choice: unknown,
  ignored: IgnoredFields,
): ToolOptions {
  if (values.length > MAX_TOOLS) {
    throw invalid("tools", `at most ${MAX_TOOLS} tools`);
  }
  const tools = values.map((tool, index) => readTool(tool, index, ignored));
  const taken = new Set<string>();
  for (const [index, { name }] of tools.entries()) {
    if (taken.has(name)) {
      throw invalid(`tools[${index}].function.name`, "a name of its own");
    }
    taken.add(name);
  }
  if (choice === null || choice === undefined) return { tools };
  if (choice === "auto" || choice === "none") {
    return { tools, ...(tools.length > 0 && { toolChoice: choice }) };
  }
  if (tools.length === 0) throw invalid("tool_choice", "tools beside it");
  if (choice === "required") return { tools, toolChoice: choice };
  if (Object(choice).type === "allowed_tools") {
    return readAllowed(choice, tools);
  }
  if (typeof choice !== "object") {
    throw invalid("tool_choice", '"auto", "none", "required" or a tool');
  }
  const tool = readName(choice, ["tool_choice"]);
  if (!taken.has(tool)) {
    throw invalid("tool_choice.function.name", "the name of a tool");
  }
  return { tools, toolChoice: { tool } };
}

/**
 * Reads the form of the answer.
 *
 * @param format The form, parsed.
 * @param ignored Gets the fields that have no effect.
 * @returns What the answer is to be, where that is an object.
 * @throws {Refusal} If it is wrong, with status 400.
 */
export function readFormat(
  format: unknown,
  ignored: IgnoredFields,
): NamedOutput | undefined {
  if (format === null || format === undefined) return undefined;
  const at = ["response_format"];
  const { type } = parseBody(FormatType, format, at);
  ignored.note(Object(format), ["type", "json_schema"], "response_format.");
  if (type === "text") return undefined;
  if (type === "json_object") return { schema: "json", name: type };
  const { json_schema: body } = Object(format);
  const path = [...at, "json_schema"];
  const { name, description, schema, strict } = parseBody(
    FormatBody,
    body,
    path,
  );
  ignored.note(
    body,
    Object.keys(FormatBody.shape),
    "response_format.json_schema.",
  );
  return {
    schema: schema ? toSchema(schema, `${toPath(path)}.schema`) : "json",
    name,
    description: description ?? undefined,
    strict: strict ?? undefined,
  };
}
