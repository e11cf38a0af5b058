/**
 * One streaming interface to chat and image providers.
 *
 * A stream that ends normally is always a whole answer; no text is repeated,
 * lost or invented; nothing hangs, and nothing leaks.
 *
 * @example Stream an answer
 * ```ts
 * import { createAiChats } from "@parley/chat";
 * import { assertEquals } from "@std/assert";
 *
 * const aiChats = createAiChats({
 *   fetch: () => Promise.resolve(new Response("data: Good\n\ndata:  day\n\n")),
 * });
 * const shown: string[] = [];
 * for await (const event of aiChats.stream("Hello")) {
 *   if (event.type === "text") shown.push(event.text);
 * }
 * assertEquals(shown, ["Good", " day"]);
 * ```
 *
 * @module
 */

export { decodeBase64, encodeBase64 } from "./core/streams/base64.ts";
export type {
  BatchesOptions,
  ChatResponseInit,
  ChatStream,
  HeldResponseInit,
} from "./core/chat/chat_stream.ts";
export { type Clock } from "./core/streams/clock.ts";
export type { Conversation } from "./core/chat/conversation.ts";
export { parseConversation } from "./core/run/parse_conversation.ts";
export type {
  ErrorCode,
  OutputFailure,
  TimeoutPhase,
} from "./core/chat/error_code.ts";
export {
  isProviderError,
  ProviderError,
  type ProviderErrorOptions,
} from "./core/chat/errors.ts";
export type {
  ChatEvent,
  ConversationEvent,
  FinishEvent,
  FinishReason,
  ImageEvent,
  ObjectEvent,
  ReasoningEvent,
  ResponseFacts,
  RestartEvent,
  RouteEvent,
  Source,
  SourceEvent,
  TextEvent,
  TitleEvent,
  ToolCallDeltaEvent,
  ToolCallErrorEvent,
  ToolCallEvent,
  Usage,
  UsageEvent,
  Warning,
  WarningEvent,
} from "./core/chat/events.ts";
export type {
  DownloadOptions,
  GeneratedImage,
} from "./core/chat/generated_image.ts";
export type { InquiryOptions } from "./core/run/inquiry.ts";
export { toJsonLines } from "./core/http/to_json_lines.ts";
export type { SplitOptions } from "./core/streams/lines.ts";
export { toLines } from "./core/http/to_lines.ts";
export { detectMediaType, toDataUrl } from "./core/streams/media.ts";
export { formatPrompt } from "./core/chat/prompt.ts";
export type { Limits, ProviderOptions } from "./core/chat/provider_options.ts";
export type { Attempt, PartialAnswer } from "./core/chat/attempt.ts";
export type { ChatResult } from "./core/chat/results.ts";
export type { Provider } from "./core/chat/provider.ts";
export {
  type InferSchema,
  type JsonSchema,
  jsonSchema,
  type Schema,
  type StandardJsonSchema,
  type StandardSchema,
  type WrappedSchema,
} from "./core/chat/schema.ts";
export { toMessage } from "./core/chat/to_message.ts";
export type {
  InferOutput,
  Opaque,
  Output,
  OutputMode,
  OutputOptions,
  OutputSupport,
  RawToolCall,
  Tool,
  ToolCall,
  ToolCallError,
  ToolChoice,
  ToolSupport,
  ValueIssue,
} from "./core/chat/tools.ts";
export type { SseEvent } from "./core/streams/sse.ts";
export { toSseEvents } from "./core/http/to_sse_events.ts";
export type {
  AssistantMessage,
  ChatInput,
  ChatOptions,
  ContentPart,
  ImageOptions,
  ImagePart,
  Message,
  Role,
  TextPart,
  Timeouts,
  ToolMessage,
  UserMessage,
} from "./core/chat/types.ts";
export { aiChats, createAiChats } from "./providers/ai_chats.ts";
export {
  amigoChat,
  createAmigoChat,
  generateChatId,
  getPersonaId,
} from "./providers/amigo_chat.ts";
export { autonomousAi, createAutonomousAi } from "./providers/autonomous_ai.ts";
export { type ChatUiServerOptions, createChatUi } from "./providers/chat_ui.ts";
export type { ChatUiOptions, ChatUiProvider } from "./core/chat_ui/provider.ts";
export {
  cohereC4aiCommand,
  createCohereC4aiCommand,
} from "./providers/cohere_c4ai_command.ts";
export type { OpenAiCompat } from "./core/openai/compat.ts";
export {
  createOpenAiCompatible,
  type OpenAiCompatibleOptions,
  type OpenAiCompatibleProvider,
} from "./providers/openai_compatible.ts";
export { getProvider, providers } from "./providers/registry.ts";
