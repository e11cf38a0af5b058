/**
 * One call of the AI SDK, as a run.
 *
 * @module
 */

import type {
  LanguageModelV4CallOptions,
  SharedV4Warning,
} from "@ai-sdk/provider";
import {
  type ChatOptions,
  type ChatStream,
  jsonSchema,
  type OutputOptions,
  type Provider,
  type Tool,
  type ToolChoice,
} from "@parley/chat";
import { readPrompt } from "./messages.ts";
import { unsupported } from "./metadata.ts";

/** An object to answer with. */
type NamedOutput = OutputOptions & { readonly name: string };

/** Options of a run for the AI SDK. */
interface CallOptions extends ChatOptions {
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

function readCallOptions(
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

/** One call. */
export interface Call {
  /** Who is asked. */
  readonly provider: Provider;
  /** The id of its model. */
  readonly model: string;
  /** What is asked for. */
  readonly options: CallOptions;
  /** The answer. */
  readonly stream: ChatStream;
  /** What of the call has no effect. */
  readonly warnings: readonly SharedV4Warning[];
  /**
   * Whether text is held back, because the object that is asked for may come as
   * a call, or with words around it.
   */
  readonly holdsText: boolean;
}

/**
 * Starts a call.
 *
 * @param provider Who is asked.
 * @param model The id of its model.
 * @param call What is asked.
 * @throws {UnsupportedFunctionalityError} If the prompt has a part that cannot be
 * sent.
 */
export function startCall(
  provider: Provider,
  model: string,
  call: LanguageModelV4CallOptions,
): Call {
  const warnings: SharedV4Warning[] = [];
  const options = readCallOptions(call, provider.id, warnings);
  const messages = readPrompt(call.prompt, provider.id, warnings);
  return {
    provider,
    model,
    options,
    stream: provider.stream(messages, { ...options, model }),
    warnings,
    holdsText: options.output !== undefined &&
      (options.tools !== undefined || provider.outputSupport === "prompt"),
  };
}
