import {
  createOpenAiCompatible,
  type OpenAiCompatibleOptions,
  type OpenAiCompatibleProvider,
  type ProviderOptions,
} from "../mod.ts";

/**
 * A provider for a server of known models, where no other is named, so that it
 * can be made like those that have a public site.
 */
export function createOpenAi(
  options: ProviderOptions = {},
  create = createOpenAiCompatible,
): OpenAiCompatibleProvider {
  return create(
    // What is no options is the provider's to refuse.
    options?.constructor === Object
      ? {
        models: ["gpt-4o-mini"],
        imageModels: ["dall-e-3"],
        ...options,
        baseUrl: options.baseUrl ?? "https://api.openai.com/v1",
      }
      : options as OpenAiCompatibleOptions,
  );
}
