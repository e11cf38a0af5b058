/**
 * The settings of the AI SDK as options of a run.
 *
 * @module
 */

import type {
  LanguageModelV4CallOptions,
  SharedV4Warning,
} from "@ai-sdk/provider";
import {
  type ChatOptions,
  jsonSchema,
  type OutputOptions,
  type Tool,
  type ToolChoice,
} from "@parley/chat";
import { unsupported } from "./metadata.ts";

/** An object to answer with. */
export type NamedOutput = OutputOptions & { readonly name: string };

/** Options of a run for the AI SDK. */
export interface CallOptions extends ChatOptions {
  readonly output?: NamedOutput | undefined;
}

/** What no provider is told of a tool. */
const UNREAD = ["inputExamples", "providerOptions"] as const;

function readTools(
  tools: LanguageModelV4CallOptions["tools"] = [],
  warnings: SharedV4Warning[],
): readonly Tool[] {
  return tools.flatMap((tool) => {
    if (tool.type === "provider") {
      warnings.push(unsupported(`tool "${tool.id}" of another provider`));
      return [];
    }
    for (const field of UNREAD) {
      if (tool[field] === undefined) continue;
      warnings.push(unsupported(`${field} of tool "${tool.name}"`));
    }
    const { name, description, inputSchema, strict } = tool;
    // What the model writes is checked by the SDK, which can also mend it.
    const schema = jsonSchema(inputSchema);
    return [{ name, description, inputSchema: schema, strict }];
  });
}

/** Without tools, only a call that must be made is amiss. */
function toToolChoice(
  choice: LanguageModelV4CallOptions["toolChoice"],
  tools: readonly Tool[],
): ToolChoice | undefined {
  if (choice?.type === "tool") return { tool: choice.toolName };
  return tools.length > 0 || choice?.type === "required"
    ? choice?.type
    : undefined;
}

function toOutput(
  format: LanguageModelV4CallOptions["responseFormat"],
): NamedOutput | undefined {
  if (format?.type !== "json") return undefined;
  const { schema, name = "answer", description } = format;
  return { schema: schema ? jsonSchema(schema) : "json", name, description };
}

/**
 * Reads headers. The SDK adds its own name to all of them, which a site that
 * wants to see a browser refuses.
 */
export function toHeaders(
  headers: Readonly<Record<string, string | undefined>> = {},
): Record<string, string> {
  const set: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const isOwn = /^user-agent$/i.test(name) && value?.startsWith("ai/");
    if (value !== undefined && !isOwn) set[name] = value;
  }
  return set;
}

/**
 * Reads the settings of a call.
 *
 * @param call The call.
 * @param id The id of the provider that is asked.
 * @param warnings Gets what has no effect.
 */
export function readCallOptions(
  call: LanguageModelV4CallOptions,
  id: string,
  warnings: SharedV4Warning[],
): CallOptions {
  const { stopSequences, reasoning, providerOptions } = call;
  if (call.topK !== undefined) warnings.push(unsupported("topK"));
  if (call.includeRawChunks) warnings.push(unsupported("includeRawChunks"));
  const tools = readTools(call.tools, warnings);
  return {
    temperature: call.temperature,
    topP: call.topP,
    maxTokens: call.maxOutputTokens,
    frequencyPenalty: call.frequencyPenalty,
    presencePenalty: call.presencePenalty,
    stop: stopSequences?.length ? stopSequences : undefined,
    seed: call.seed,
    reasoningEffort: reasoning === "provider-default" ? undefined : reasoning,
    tools: tools.length > 0 ? tools : undefined,
    toolChoice: toToolChoice(call.toolChoice, tools),
    output: toOutput(call.responseFormat),
    extraBody: providerOptions?.[id],
    headers: toHeaders(call.headers),
    signal: call.abortSignal,
  };
}
