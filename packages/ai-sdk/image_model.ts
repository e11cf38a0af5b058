/**
 * A provider as an image model of the AI SDK.
 *
 * @module
 */

import type { ImageModelV4CallOptions } from "@ai-sdk/provider";
import type { Provider } from "@parley/chat";
import { toHeaders } from "./call.ts";
import { toSdkWarning, unsupported } from "./metadata.ts";
import { findModel, toSdkError } from "./sdk_errors.ts";
import type { SdkImageModel } from "./sdk_types.ts";

/** What no run can be told. */
const IGNORED = ["aspectRatio", "files", "mask"] as const;

/** The SDK gives no files as an empty list. */
function isSet(value: ImageModelV4CallOptions[typeof IGNORED[number]]) {
  return value !== undefined && !(Array.isArray(value) && value.length === 0);
}

/**
 * Makes an image model of the AI SDK, for `generateImage`.
 *
 * @param provider Who makes the pictures.
 * @param model The model that is asked, else the provider's default.
 * @returns The model.
 * @throws {NoSuchModelError} If there is no such model.
 *
 * @example
 * ```ts
 * import { toImageModel } from "@parley/ai-sdk";
 * import { createAmigoChat } from "@parley/chat";
 * import { createAmigoChatUpstream } from "@parley/testing";
 * import { assertEquals } from "@std/assert";
 * import { generateImage } from "ai";
 *
 * const { fetch } = createAmigoChatUpstream();
 * const { image } = await generateImage({
 *   model: toImageModel(createAmigoChat({ fetch }), "flux-dev"),
 *   prompt: "A red cat",
 * });
 * assertEquals(image.mediaType, "image/png");
 * ```
 */
export function toImageModel(
  provider: Provider,
  model?: string,
): SdkImageModel {
  const modelId = findModel(provider, model, "imageModel");
  return {
    specificationVersion: "v4",
    provider: provider.id,
    modelId,
    maxImagesPerCall: 1,
    supportsFileInputs: false,
    supportsMaskInputs: false,
    async doGenerate(call) {
      const { prompt = "", n, size, seed, abortSignal: signal } = call;
      const ignored = IGNORED.filter((name) => isSet(call[name]));
      try {
        const result = await provider.generate(prompt, {
          model: modelId,
          image: { ...(n > 1 && { count: n }), size },
          seed,
          extraBody: call.providerOptions[provider.id],
          headers: toHeaders(call.headers),
          signal,
        });
        return {
          images: await Promise.all(
            result.images.map((image) => image.bytes({ signal })),
          ),
          warnings: [
            ...ignored.map(unsupported),
            ...result.warnings.map(toSdkWarning),
          ],
          response: {
            timestamp: new Date(),
            modelId: result.model,
            headers: undefined,
          },
        };
      } catch (error) {
        throw toSdkError(error, provider);
      }
    },
  };
}
