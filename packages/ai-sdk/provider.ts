/**
 * A provider as one of the AI SDK.
 *
 * @module
 */

import { NoSuchModelError } from "@ai-sdk/provider";
import type { Provider } from "@parley/chat";
import { toImageModel } from "./image_model.ts";
import { toLanguageModel } from "./language_model.ts";
import type { SdkProvider } from "./sdk_types.ts";

/**
 * Makes a provider of the AI SDK, for `createProviderRegistry` and
 * `customProvider`.
 *
 * @param provider Who answers: a provider or a failover.
 * @returns The provider.
 *
 * @example
 * ```ts
 * import { toProvider } from "@parley/ai-sdk";
 * import { createAiChats } from "@parley/chat";
 * import { createAiChatsUpstream } from "@parley/testing";
 * import { assertEquals } from "@std/assert";
 * import { createProviderRegistry, generateText } from "ai";
 *
 * const aiChats = createAiChats({
 *   fetch: createAiChatsUpstream({ answer: () => "Good day" }).fetch,
 * });
 * const registry = createProviderRegistry({ chats: toProvider(aiChats) });
 * const { text } = await generateText({
 *   model: registry.languageModel("chats:gpt-4"),
 *   prompt: "Hello",
 * });
 * assertEquals(text, "Good day");
 * ```
 */
export function toProvider(provider: Provider): SdkProvider {
  return {
    specificationVersion: "v4",
    languageModel: (id) => toLanguageModel(provider, id),
    imageModel: (id) => toImageModel(provider, id),
    embeddingModel(modelId) {
      throw new NoSuchModelError({ modelId, modelType: "embeddingModel" });
    },
  };
}
