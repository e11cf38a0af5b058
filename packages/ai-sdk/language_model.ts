/**
 * A provider as a language model of the AI SDK.
 *
 * @module
 */

import type {
  LanguageModelV4Content,
  LanguageModelV4GenerateResult,
} from "@ai-sdk/provider";
import type { ChatResult, Provider } from "@parley/chat";
import { type Call, startCall } from "./call.ts";
import {
  readWrongObject,
  toFile,
  toFinishReason,
  toSource,
  toToolCall,
  toUsage,
} from "./content.ts";
import { toMetadata, toSdkWarning } from "./metadata.ts";
import { openStream } from "./open_stream.ts";
import { findModel, toSdkError } from "./sdk_errors.ts";
import type { SdkLanguageModel } from "./sdk_types.ts";

/** Gives what there is where the answer is not the object that was asked for. */
async function readResult(
  { provider, model, stream }: Call,
): Promise<ChatResult> {
  try {
    return await stream.result();
  } catch (error) {
    const wrong = readWrongObject(error);
    if (wrong === undefined) throw toSdkError(error, provider);
    return {
      ...stream.partial,
      ...wrong,
      provider: provider.id,
      model,
      toolCalls: [],
      toolCallErrors: [],
      object: undefined,
      warnings: [],
      attempts: stream.attempts,
    };
  }
}

async function generate(call: Call): Promise<LanguageModelV4GenerateResult> {
  const { provider: { id }, options, holdsText } = call;
  const result = await readResult(call);
  const { provider, model, reasoning, object, opaque, usage } = result;
  const origin = { provider, model, ...(opaque && { opaque }) };
  const text = holdsText && object !== undefined
    ? JSON.stringify(object)
    : result.text;
  const content: LanguageModelV4Content[] = [];
  if (reasoning !== "") content.push({ type: "reasoning", text: reasoning });
  if (text !== "") content.push({ type: "text", text });
  for (const image of result.images) {
    content.push(await toFile(image, options.signal));
  }
  content.push(...(result.sources ?? []).map(toSource));
  for (const called of [...result.toolCalls, ...result.toolCallErrors]) {
    content.push(toToolCall(called, id, origin));
  }
  return {
    content,
    finishReason: toFinishReason(result.finishReason),
    usage: toUsage(usage),
    warnings: [...call.warnings, ...result.warnings.map(toSdkWarning)],
    providerMetadata: toMetadata(id, origin),
    response: {
      modelId: result.responseModel ?? model,
      ...(result.responseId !== undefined && { id: result.responseId }),
    },
  };
}

/**
 * Makes a language model of the AI SDK, for `generateText`, `streamText`, agents
 * and all else that takes a model.
 *
 * A failure before the first content rejects, as an `APICallError` that is not to
 * be retried: the run has done so. What was shown cannot be taken back there, so
 * give a failover `onPartial: "match"` or `"hold"`.
 *
 * @param provider Who answers: a provider or a failover.
 * @param model The model that is asked, else the provider's default.
 * @returns The model.
 * @throws {NoSuchModelError} If there is no such model.
 *
 * @example
 * ```ts
 * import { toLanguageModel } from "@parley/ai-sdk";
 * import { createAiChats } from "@parley/chat";
 * import { createAiChatsUpstream } from "@parley/testing";
 * import { assertEquals } from "@std/assert";
 * import { streamText } from "ai";
 *
 * const aiChats = createAiChats({
 *   fetch: createAiChatsUpstream({ answer: () => "Good day" }).fetch,
 * });
 * const { textStream } = streamText({
 *   model: toLanguageModel(aiChats),
 *   prompt: "Hello",
 * });
 * const shown = await Array.fromAsync(textStream);
 * assertEquals(shown.join(""), "Good day");
 * ```
 */
export function toLanguageModel(
  provider: Provider,
  model?: string,
): SdkLanguageModel {
  const modelId = findModel(provider, model, "languageModel");
  return {
    specificationVersion: "v4",
    provider: provider.id,
    modelId,
    supportedUrls: provider.acceptsImages ? { "image/*": [/^https?:/] } : {},
    // What is wrong with a call rejects.
    doGenerate: async (call) =>
      await generate(startCall(provider, modelId, call)),
    doStream: async (call) =>
      await openStream(startCall(provider, modelId, call)),
  };
}
