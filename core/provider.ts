/**
 * The kit for authors of providers.
 *
 * | to | use |
 * |---|---|
 * | make a provider | {@linkcode defineProvider}: its attributes, and a `respond` that asks the server and yields events |
 * | send the key in a header of its own, add options, tell errors apart | `keyHeader`, `options` and `classify` of {@linkcode ProviderDefinition} |
 * | send a request | `get` and `post` of {@linkcode RunContext}; paths and the base URL may have a query |
 * | write messages | {@linkcode toOpenAiMessages}, or {@linkcode toText}, {@linkcode toSystemText}, {@linkcode toLastText} and {@linkcode readImagePart} |
 * | read a stream | {@linkcode readOpenAiAnswer}, {@linkcode readJsonEvents}, or a decoder: {@linkcode createSseDecoder}, {@linkcode createJsonLineDecoder} |
 * | read what failed | {@linkcode tryParseJson} and {@linkcode findError}, then `fail` or `toUpstreamError` of {@linkcode RunContext} |
 * | hand on pictures | {@linkcode toImage}, {@linkcode downloadImage}, {@linkcode readOpenAiImages} |
 * | serve what it answers | {@linkcode toFailureHead}, {@linkcode toPublicMessage}, {@linkcode holdHead}, {@linkcode isInTime}, {@linkcode appendBytes}, {@linkcode isBytes}, {@linkcode findAddition}, {@linkcode findMeantName} |
 * | keep a secret | all headers but a few public ones are kept out of errors; `redact` of {@linkcode RunContext} does so for the rest |
 *
 * The run does what is the same for all: input checks, attempts, clocks, limits,
 * completeness, release.
 *
 * @module
 */

export {
  type InlineImage,
  type PartImage,
  readImagePart,
} from "./chat/image_part.ts";
export type { ProviderDefinition, RunContext } from "./chat/definition.ts";
export type { FailOptions, UpstreamErrorOptions } from "./chat/fail_options.ts";
export type {
  DetachedRequest,
  UpstreamAccess,
  UpstreamBody,
  UpstreamRequest,
  UpstreamResponse,
} from "./chat/exchange.ts";
export { toPublicMessage } from "./chat/public_message.ts";
export type { ProviderAbilities } from "./chat/abilities.ts";
export type { OutputSpec, ToolSpec } from "./chat/tools.ts";
export type { ChatSetting, ImageSetting } from "./chat/types.ts";
export {
  checkOptions,
  type Issue,
  type OptionsSchema,
  type RawIssue,
  toPath,
} from "./chat/options.ts";
export { findAddition } from "./chat/find_addition.ts";
export { findMeantName } from "./chat/nearest_names.ts";
export { toLastText, toSystemText, toText } from "./chat/prompt.ts";
export type {
  SchemaIssue,
  SchemaResult,
  StandardSchema,
} from "./chat/schema.ts";
export { findError, type UpstreamError } from "./http/find_error.ts";
export { type JsonEvent, readJsonEvents } from "./http/read_json_events.ts";
export { tryParseJson } from "./streams/json.ts";
export type { ResolvedLimits } from "./chat/provider_options.ts";
export { type OpenAiAnswerOptions, readOpenAiAnswer } from "./openai/answer.ts";
export { readOpenAiImages } from "./openai/images.ts";
export type { OpenAiMessageOptions } from "./openai/call_messages.ts";
export { type OpenAiMessage, toOpenAiMessages } from "./openai/messages.ts";
export { toOpenAiTools } from "./openai/tools.ts";
export type { ImageSource } from "./chat/generated_image.ts";
export { downloadImage, type ImageInit, toImage } from "./run/images.ts";
export { type FailureHead, toFailureHead } from "./run/failure_head.ts";
export { defineProvider } from "./run/provider.ts";
export { abortable } from "./streams/abortable.ts";
export { appendBytes } from "./streams/append_bytes.ts";
export {
  type BodyReader,
  type BodyReaderOptions,
  createBodyReader,
  type ReadAllOptions,
} from "./streams/body_reader.ts";
export { SYSTEM_CLOCK } from "./streams/clock.ts";
export { type HeldHead, holdHead } from "./streams/hold_head.ts";
export { isInTime } from "./streams/is_in_time.ts";
export type { Decoder } from "./streams/decoded_body.ts";
export { createJsonLineDecoder } from "./streams/json_lines.ts";
export { createSseDecoder, type SseDecoderOptions } from "./streams/sse.ts";
export { isBytes } from "./streams/values.ts";
