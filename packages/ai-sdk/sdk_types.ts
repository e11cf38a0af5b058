/**
 * The models of the AI SDK, as `@ai-sdk/provider` has them. Types only.
 *
 * @module
 */

import type {
  ImageModelV4,
  LanguageModelV4,
  ProviderV4,
} from "@ai-sdk/provider";

/** What `generateText`, `streamText` and agents take. */
export type SdkLanguageModel = LanguageModelV4;

/** What `generateImage` takes. */
export type SdkImageModel = ImageModelV4;

/** What `createProviderRegistry` takes. */
export type SdkProvider = ProviderV4;
