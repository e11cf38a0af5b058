/**
 * Providers for the AI SDK: its `generateText`, `streamText`, agents and
 * registries ask any provider or failover, and its `useChat` shows what they
 * answer.
 *
 * @example
 * ```ts
 * import { toLanguageModel } from "@parley/ai-sdk";
 * import { createAiChats } from "@parley/chat";
 * import { createAiChatsUpstream } from "@parley/testing";
 * import { assertEquals } from "@std/assert";
 * import { generateText } from "ai";
 *
 * const aiChats = createAiChats({
 *   fetch: createAiChatsUpstream({ answer: () => "Good day" }).fetch,
 * });
 * const { text } = await generateText({
 *   model: toLanguageModel(aiChats),
 *   prompt: "Hello",
 * });
 * assertEquals(text, "Good day");
 * ```
 *
 * @module
 */

export { toImageModel } from "./image_model.ts";
export { toLanguageModel } from "./language_model.ts";
export { toProvider } from "./provider.ts";
export type {
  SdkImageModel,
  SdkLanguageModel,
  SdkProvider,
} from "./sdk_types.ts";
export {
  type ReadableRun,
  toUiMessageResponse,
} from "./ui_message_response.ts";
