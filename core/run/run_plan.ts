/**
 * What a run is to do, decided before anything is sent.
 *
 * @module
 */

import type { RunDefinition } from "../chat/delegation.ts";
import { ProviderError } from "../chat/errors.ts";
import { readInput, type RunInput } from "./input.ts";
import type { Models } from "../chat/models.ts";
import { invalidRequest } from "../chat/options.ts";
import type { ProviderConfig } from "../http/provider_config.ts";
import { getOwn } from "../streams/values.ts";
import type { ChatInput, ChatOptions, ChatSetting } from "../chat/types.ts";

/** What a provider is made of, once its options are known. */
export interface ProviderParts {
  /** Its attributes, and how it responds. */
  readonly definition: RunDefinition;
  /** What is set for it. */
  readonly config: ProviderConfig;
  /** Its models. */
  readonly models: Models;
  /** The ids of the conversations that a run is using. */
  readonly busy: Set<string>;
  /**
   * What a run does with the provider, in the words of an error.
   *
   * @default {"stream from"}
   */
  readonly action?: string | undefined;
}

/** What a run is to do. */
export interface RunPlan extends RunInput {
  /** The model id. */
  readonly model: string;
  /** The settings that the model takes. */
  readonly settings: readonly ChatSetting[];
}

/**
 * Decides what a run is to do.
 *
 * @param parts The provider.
 * @param input A prompt, or the messages of a chat.
 * @param options The options of the run.
 * @throws {ProviderError} If the provider cannot do it.
 */
export function planRun(
  { definition, config, models }: ProviderParts,
  input: ChatInput,
  options: ChatOptions,
): RunPlan {
  const checked = readInput(input, options, config.limits);
  const { messages } = checked;
  const { conversation: given } = options;
  const conversation = given && definition.parseConversation?.(given);
  if (
    given !== undefined && (conversation?.provider !== definition.id ||
      conversation.origin !== config.origin)
  ) {
    throw invalidRequest("Conversation belongs to another provider or server");
  }
  // A conversation goes on with its own model where no other is named.
  const model = models.getModel(options.model || conversation?.model);
  const hasImages = messages.some(({ content }) =>
    typeof content !== "string" && content.some(({ type }) => type === "image")
  );
  if (
    hasImages &&
    (!definition.acceptsImages || models.imageModels.includes(model))
  ) {
    throw new ProviderError("Messages with pictures cannot be sent", {
      code: "unsupported",
    });
  }
  return {
    ...checked,
    options: { ...checked.options, conversation },
    model,
    settings: models.imageModels.includes(model)
      ? []
      : getOwn(definition.modelSettings ?? {}, model) ?? definition.settings ??
        [],
  };
}
