/**
 * What authors of providers work with: {@linkcode defineProvider}, and what the
 * providers of the library are made of.
 *
 * @module
 */

export type {
  FailOptions,
  ProviderDefinition,
  RunContext,
  UpstreamErrorOptions,
} from "./chat/definition.ts";
export type {
  UpstreamBody,
  UpstreamRequest,
  UpstreamResponse,
} from "./chat/exchange.ts";
export type { ChatSetting } from "./chat/types.ts";
export {
  checkOptions,
  type Issue,
  type OptionsSchema,
  type RawIssue,
  toPath,
} from "./chat/options.ts";
export type { ResolvedLimits } from "./chat/provider_options.ts";
export { readOpenAiAnswer } from "./openai/chunks.ts";
export { readOpenAiImages } from "./openai/images.ts";
export { toOpenAiMessages } from "./openai/messages.ts";
export type { ImageSource } from "./chat/generated_image.ts";
export { downloadImage, type ImageInit, toImage } from "./run/images.ts";
export { defineProvider } from "./run/provider.ts";
export { abortable } from "./streams/abortable.ts";
export {
  type BodyReader,
  type BodyReaderOptions,
  createBodyReader,
  type ReadAllOptions,
} from "./streams/body_reader.ts";
export { SYSTEM_CLOCK } from "./streams/clock.ts";
export type { Decoder } from "./streams/decoded_body.ts";
export { createJsonLineDecoder } from "./streams/json_lines.ts";
export { createSseDecoder } from "./streams/sse.ts";
