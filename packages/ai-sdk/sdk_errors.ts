/**
 * Errors in the classes of the AI SDK.
 *
 * @module
 */

import { APICallError, NoSuchModelError } from "@ai-sdk/provider";
import { isProviderError, type Provider } from "@parley/chat";

/**
 * Makes the error that the AI SDK is told. It must not retry: the run has done so
 * where that helps.
 *
 * @param error What a run threw.
 * @param provider Who was asked.
 * @returns The error; the reason of an abort as it is.
 */
export function toSdkError(error: unknown, provider: Provider): unknown {
  if (!isProviderError(error)) return error;
  return new APICallError({
    message: error.message,
    url: provider.baseUrl,
    // The prompt is in no error.
    requestBodyValues: {},
    isRetryable: false,
    cause: error,
    data: error.toJSON(),
    ...(error.status !== undefined && { statusCode: error.status }),
  });
}

/**
 * Finds the model that is asked for.
 *
 * @param provider Who knows it.
 * @param name Its id or alias.
 * @param modelType What it is to make.
 * @returns Its id.
 * @throws {NoSuchModelError} If there is none.
 */
export function findModel(
  provider: Provider,
  name: string | undefined,
  modelType: "languageModel" | "imageModel",
): string {
  try {
    return provider.getModel(name);
  } catch (error) {
    if (!isProviderError(error)) throw error;
    const { message } = error;
    throw new NoSuchModelError({ modelId: name ?? "", modelType, message });
  }
}
