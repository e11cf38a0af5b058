/**
 * Tools and objects in the form of OpenAI's chat completions.
 *
 * @module
 */

import type { RunContext } from "../chat/definition.ts";
import type { JsonSchema } from "../chat/schema.ts";
import type { OutputSpec, ToolChoice, ToolSpec } from "../chat/tools.ts";
import { withoutUndefined } from "../streams/values.ts";
import { toStrictSchema } from "./strict_schema.ts";

/** A schema as it is sent, and whether the server is to hold the model to it. */
interface SentSchema {
  readonly schema: JsonSchema;
  readonly strict: boolean | undefined;
}

/** Holds the model to a schema where that is wanted, or nothing else is said. */
function toSent(
  schema: JsonSchema,
  strict: boolean | undefined,
  isUsual: boolean,
): SentSchema {
  const closed = (strict ?? isUsual) ? toStrictSchema(schema) : undefined;
  return closed === undefined
    ? { schema, strict }
    : { schema: closed, strict: true };
}

function toTool(
  // Older servers of llama.cpp refuse a tool without a description.
  { name, description = "", inputSchema, strict: wanted }: ToolSpec,
  isStrict: boolean,
): unknown {
  const { schema, strict } = toSent(inputSchema, wanted, isStrict);
  return {
    type: "function",
    function: withoutUndefined({
      name,
      description,
      parameters: schema,
      strict,
    }),
  };
}

function toChoice(choice: ToolChoice | undefined): unknown {
  return typeof choice === "object"
    ? { type: "function", function: { name: choice.tool } }
    : choice;
}

function toFormat(output: OutputSpec | undefined): unknown {
  if (output === undefined) return undefined;
  if (output.mode === "json") return { type: "json_object" };
  const { name, description } = output;
  const { schema, strict } = toSent(output.schema, output.strict, true);
  return {
    type: "json_schema",
    json_schema: withoutUndefined({ name, description, schema, strict }),
  };
}

/**
 * Writes tools, and the object that is asked for, for a server that speaks like
 * OpenAI's.
 *
 * @param run The run.
 * @param isStrict Whether the server holds models to the schemas of tools where
 * nothing else is said.
 * @returns What is set, by its names in the request.
 *
 * @example
 * ```ts
 * import { defineProvider, toOpenAiTools } from "@parley/chat/provider";
 * import { assertEquals } from "@std/assert";
 *
 * let sent: unknown;
 * const local = defineProvider({
 *   id: "Local",
 *   label: "A server of my own",
 *   url: "http://127.0.0.1:8080",
 *   baseUrl: "http://127.0.0.1:8080",
 *   working: true,
 *   defaultModel: "small",
 *   models: ["small"],
 *   outputSupport: "schema",
 *   async *respond(run) {
 *     sent = toOpenAiTools(run);
 *     yield { type: "text", text: "{}" };
 *     yield { type: "finish", reason: "stop" };
 *   },
 * });
 * await local.generate("Hello", { output: { schema: "json" } });
 * assertEquals(sent, { response_format: { type: "json_object" } });
 * ```
 */
export function toOpenAiTools(
  { tools, toolChoice, output, settings }: Pick<
    RunContext,
    "tools" | "toolChoice" | "output" | "settings"
  >,
  isStrict = false,
): Readonly<Record<string, unknown>> {
  const format = { response_format: toFormat(output) };
  if (tools.length === 0) return withoutUndefined(format);
  return withoutUndefined({
    tools: tools.map((tool) => toTool(tool, isStrict)),
    tool_choice: toChoice(toolChoice),
    parallel_tool_calls: settings.parallelToolCalls,
    ...format,
  });
}
