/**
 * The servers of the providers, to develop and test against without a network:
 * each one speaks its protocol faithfully, refuses what the real one refuses,
 * and runs in the process (`upstream.fetch`) or on a socket
 * (`upstream.serve()`). Besides them: faults that befall them
 * ({@linkcode createFaultyUpstream}), a clock that stands still
 * ({@linkcode FakeClock}), and all that a provider has to do, as tests
 * ({@linkcode testProvider}).
 *
 * @example Usage
 * ```ts
 * import { createChatUiUpstream } from "@parley/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const upstream = createChatUiUpstream({ models: ["command-a-03-2025"] });
 * const response = await upstream.fetch("https://example.com/conversation", {
 *   method: "POST",
 *   headers: { "content-type": "application/json" },
 *   body: JSON.stringify({ model: "gpt-4" }),
 * });
 *
 * assertEquals(response.status, 400);
 * assertEquals(await response.json(), { message: "Invalid request" });
 * ```
 *
 * @module
 */

export {
  type AiChatsUpstreamOptions,
  createAiChatsUpstream,
} from "./upstreams/ai_chats_upstream.ts";
export {
  type AmigoChatUpstreamOptions,
  createAmigoChatUpstream,
} from "./upstreams/amigo_chat_upstream.ts";
export {
  type Answer,
  type AnswerContext,
  type AnswerMessage,
  type AnswerOptions,
  echo,
} from "./upstreams/answer.ts";
export { type AnswerFormat, toAnswerBody } from "./upstreams/answer_body.ts";
export {
  type AutonomousAiUpstreamOptions,
  createAutonomousAiUpstream,
} from "./upstreams/autonomous_ai_upstream.ts";
export { type Chunking, rechunk } from "./upstreams/chunking.ts";
export {
  conformanceCases,
  type ConformanceOptions,
  testProvider,
} from "./conformance/conformance.ts";
export type {
  ConformanceCase,
  ConformanceTarget,
  PictureTarget,
  SentSetting,
  ToolTarget,
} from "./conformance/target.ts";
export type { SentMessage, SentQuestion } from "./conformance/question.ts";
export { FakeClock, flush } from "./fake_clock.ts";
export type {
  BodyFault,
  Fault,
  FaultPlan,
  FaultPoint,
  HeadFault,
} from "./faults/fault.ts";
export {
  createFaultyUpstream,
  type FaultyUpstream,
  type FaultyUpstreamOptions,
} from "./faults/faulty_upstream.ts";
export type { FaultyServer } from "./faults/_faulty_server.ts";
export { createRandom } from "./random.ts";
export { record, type RecordOptions } from "./recordings/record.ts";
export { replay, type ReplayOptions } from "./recordings/replay.ts";
export type {
  ChatUiAnswerContext,
  ChatUiAnswerOptions,
} from "./upstreams/_chat_ui_answer.ts";
export type {
  ChatUiUpdate,
  StoredFile,
} from "./upstreams/_chat_ui_conversations.ts";
export type {
  ChatUiLimits,
  ChatUiUpstreamOptions,
} from "./upstreams/_chat_ui_options.ts";
export { createChatUiUpstream } from "./upstreams/chat_ui_upstream.ts";
export {
  createOpenAiUpstream,
  type OpenAiUpstreamOptions,
} from "./upstreams/openai_upstream.ts";
export type { PictureOptions } from "./upstreams/pictures.ts";
export type {
  AnswerCall,
  ToolAnswer,
  ToolAnswerOptions,
  ToolQuirk,
} from "./upstreams/tool_answer.ts";
export {
  createUpstream,
  type RecordedRequest,
  type ServeUpstreamOptions,
  type Upstream,
  type UpstreamHandler,
  type UpstreamOptions,
  type UpstreamServer,
} from "./upstreams/upstream.ts";
