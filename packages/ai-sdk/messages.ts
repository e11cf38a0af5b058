/**
 * The prompt of the AI SDK as messages.
 *
 * @module
 */

import {
  type LanguageModelV4FilePart,
  type LanguageModelV4Message,
  type LanguageModelV4Prompt,
  type LanguageModelV4ToolCallPart,
  type LanguageModelV4ToolResultOutput,
  type LanguageModelV4ToolResultPart,
  type SharedV4Warning,
  UnsupportedFunctionalityError,
} from "@ai-sdk/provider";
import type {
  AssistantMessage,
  ContentPart,
  ImagePart,
  Message,
  ToolCall,
  ToolMessage,
} from "@parley/chat";
import {
  type CallMetadata,
  readCallMetadata,
  unsupported,
} from "./metadata.ts";

type AssistantParts = Extract<
  LanguageModelV4Message,
  { role: "assistant" }
>["content"];

function refuse(functionality: string): UnsupportedFunctionalityError {
  return new UnsupportedFunctionalityError({ functionality });
}

/** The SDK leaves the subtype out where it does not know it. */
function toImagePart({ data, mediaType }: LanguageModelV4FilePart): ImagePart {
  if (!/^image(?:\/|$)/i.test(mediaType)) {
    throw refuse(`files of type ${mediaType}`);
  }
  if (data.type !== "data" && data.type !== "url") {
    throw refuse(`files by ${data.type}`);
  }
  return {
    type: "image",
    image: data.type === "url" ? data.url : data.data,
    ...(/^image\/[\w.+-]+$/.test(mediaType) && { mediaType }),
  };
}

/** Many servers take a text only as it is, not as the one part of a list. */
function toContent(
  parts: readonly ContentPart[],
): string | readonly ContentPart[] {
  const [part] = parts;
  return parts.length === 1 && part?.type === "text" ? part.text : parts;
}

function toCall(
  { toolCallId: id, toolName: name, input, providerExecuted }:
    LanguageModelV4ToolCallPart,
  { callOpaque: opaque }: CallMetadata,
): ToolCall {
  if (providerExecuted) throw refuse("tools that another provider runs");
  // What was no JSON is kept as the model wrote it.
  const rawInput = typeof input === "string" ? input : JSON.stringify(input);
  return { id, name, input, rawInput: rawInput ?? "", ...opaque && { opaque } };
}

function toAssistantMessage(
  parts: AssistantParts,
  id: string,
): AssistantMessage {
  const content: ContentPart[] = [];
  const toolCalls: ToolCall[] = [];
  let reasoning = "";
  let origin: CallMetadata = {};
  for (const part of parts) {
    switch (part.type) {
      case "text":
        content.push({ type: "text", text: part.text });
        break;
      case "reasoning":
        reasoning += part.text;
        break;
      case "file":
        content.push(toImagePart(part));
        break;
      case "tool-call": {
        const metadata = readCallMetadata(id, part.providerOptions);
        toolCalls.push(toCall(part, metadata));
        origin = { ...metadata, ...origin };
        break;
      }
      default:
        throw refuse(`${part.type} in an assistant message`);
    }
  }
  const { provider, model, opaque } = origin;
  return {
    role: "assistant",
    content: content.every((part) => part.type === "text")
      ? content.map(({ text }) => text).join("")
      : content,
    toolCalls: toolCalls.length > 0 ? toolCalls : undefined,
    reasoning: reasoning === "" ? undefined : reasoning,
    provider,
    model,
    opaque,
  };
}

function toResultText(
  output: LanguageModelV4ToolResultOutput,
  warnings: SharedV4Warning[],
): string {
  switch (output.type) {
    case "text":
    case "error-text":
      return output.value;
    case "json":
    case "error-json":
      return JSON.stringify(output.value);
    case "execution-denied":
      return output.reason ?? "The user denied this call";
    case "content": {
      const texts = output.value.flatMap((part) =>
        part.type === "text" ? [part.text] : []
      );
      if (texts.length < output.value.length) {
        warnings.push(unsupported("files in the result of a tool"));
      }
      return texts.join("\n");
    }
  }
}

function toToolMessage(
  { toolCallId: callId, output }: LanguageModelV4ToolResultPart,
  warnings: SharedV4Warning[],
): ToolMessage {
  return {
    role: "tool",
    callId,
    content: toResultText(output, warnings),
    isError: /^e(?:rror|xecution-denied)/.test(output.type),
  };
}

function toMessages(
  message: LanguageModelV4Message,
  id: string,
  warnings: SharedV4Warning[],
): readonly Message[] {
  switch (message.role) {
    case "system":
      return [{ role: "system", content: message.content }];
    case "user": {
      const content = message.content.map((part) =>
        part.type === "text"
          ? { type: "text" as const, text: part.text }
          : toImagePart(part)
      );
      return [{ role: "user", content: toContent(content) }];
    }
    case "assistant":
      return [toAssistantMessage(message.content, id)];
    case "tool":
      return message.content.map((part) => {
        if (part.type === "tool-result") return toToolMessage(part, warnings);
        throw refuse("approval of tools that another provider runs");
      });
  }
}

/** The SDK keeps the empty answers of models in its history. */
function isSaid(message: Message): boolean {
  return message.content.length > 0 || message.role === "tool" ||
    (message.role === "assistant" && message.toolCalls !== undefined);
}

/**
 * Reads the prompt of the AI SDK.
 *
 * @param prompt The prompt.
 * @param id The id of the provider that is asked.
 * @param warnings Gets what is left out.
 * @returns The messages that say anything.
 * @throws {UnsupportedFunctionalityError} If a part is neither text nor a
 * picture nor a call.
 */
export function readPrompt(
  prompt: LanguageModelV4Prompt,
  id: string,
  warnings: SharedV4Warning[],
): readonly Message[] {
  return prompt
    .flatMap((message) => toMessages(message, id, warnings))
    .filter(isSaid);
}
