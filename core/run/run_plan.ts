/**
 * What a run is to do, decided before anything is sent.
 *
 * @module
 */

import type { ProviderAbilities } from "../chat/abilities.ts";
import type { RunDefinition } from "./delegation.ts";
import type { RetryBudget } from "../http/retry_budget.ts";
import { readInput, type RunInput } from "./input.ts";
import type { Models } from "../chat/models.ts";
import { toText } from "../chat/prompt.ts";
import { cannotSend, noCalls } from "./read_message.ts";
import { invalidOption } from "../chat/options.ts";
import { checkOwner } from "./parse_conversation.ts";
import type { ProviderConfig } from "../http/provider_config.ts";
import type {
  ChatInput,
  ChatOptions,
  ChatSetting,
  ImageSetting,
  Message,
} from "../chat/types.ts";
import type { ToolPlan } from "./tool_plan.ts";
import type { ToolSuite } from "./tool_suite.ts";
import { getOwn, NOTHING } from "../streams/values.ts";

/** What a provider is made of, once its options are known. */
export interface ProviderParts {
  /** Its attributes, and how it responds. */
  readonly definition: RunDefinition;
  /** What is set for it. */
  readonly config: ProviderConfig;
  /** Its models. */
  readonly models: Models;
  /** Takes tools and gives objects; a provider without it does neither. */
  readonly tools?: ToolSuite | undefined;
  /** The further attempts that its runs share. */
  readonly retryBudget: RetryBudget;
  /** The ids of the conversations that a run is using. */
  readonly busy: Set<string | undefined>;
  /**
   * What a run does with the provider, in the words of an error.
   *
   * @default {"stream from"}
   */
  readonly action?: string | undefined;
}

/** What a run is to do. */
export interface RunPlan extends RunInput {
  /** What is sent of tools and objects, and what is expected of the answer. */
  readonly tools: ToolPlan | undefined;
  /** The model id. */
  readonly model: string;
  /** The settings that the model takes. */
  readonly settings: readonly ChatSetting[];
  /** What the model takes of `image`. */
  readonly imageSettings: readonly ImageSetting[];
}

/** What no model takes that makes pictures. */
const IMAGE_MODEL: ProviderAbilities = {
  acceptsImages: false,
  toolSupport: "none",
  outputSupport: "none",
};

function checkMessage(
  message: Message,
  { acceptsImages, toolSupport }: ProviderAbilities,
): void {
  const { content } = message;
  const hasImages = typeof content !== "string" &&
    content.some(({ type }) => type === "image");
  if (hasImages && !acceptsImages) throw cannotSend("Messages with pictures");
  const hasCalls = message.role === "tool" ||
    (message.role === "assistant" && message.toolCalls !== undefined);
  if (hasCalls && toolSupport !== "native") throw noCalls();
}

/** Some servers take one system message only. */
function addInstruction(
  messages: readonly Message[],
  instruction: string,
): readonly Message[] {
  const [first, ...others] = messages;
  if (first?.role !== "system") {
    return [{ role: "system", content: instruction }, ...messages];
  }
  const content = `${toText(first)}\n\n${instruction}`;
  return [{ role: "system", content }, ...others];
}

/** Refuses tools and objects where nothing is there to ask for them. */
function toToolPlan(
  suite: ToolSuite | undefined,
  able: ProviderAbilities,
  options: ChatOptions,
): ToolPlan | undefined {
  if (suite !== undefined) return suite.planTools(able, options);
  const { tools = [], output } = options;
  if (tools.length !== 0) throw cannotSend("Tools");
  if (output !== undefined) throw cannotSend("What an object must be");
  return undefined;
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
  { definition, config, models, tools: suite }: ProviderParts,
  input: ChatInput,
  options: ChatOptions,
): RunPlan {
  const checked = readInput(input, options, config.limits, suite);
  const delegates = "delegate" in definition;
  const { messages } = checked;
  const { conversation: given } = options;
  const conversation = given && definition.parseConversation?.(given);
  if (given !== undefined) {
    checkOwner(conversation, definition.id, config.origin);
  }
  // A conversation goes on with its own model where no other is named.
  const model = models.getModel(options.model || conversation?.model);
  const makesImages = models.imageModels.includes(model);
  // Not spread: what an instance of a class inherits would be lost.
  const able = makesImages
    ? { ...IMAGE_MODEL, bodyFields: definition.bodyFields }
    : definition;
  for (const message of messages) checkMessage(message, able);
  if (
    options.extraBody !== undefined && able.bodyFields === undefined &&
    !delegates
  ) {
    throw cannotSend("Fields of the body");
  }
  for (const field of Object.keys(options.extraBody ?? {})) {
    if (able.bodyFields?.includes(field)) {
      throw invalidOption(`extraBody.${field}`, "is set by the provider");
    }
  }
  const tools = toToolPlan(suite, able, options);
  const paired = suite?.pairCalls(messages) ?? messages;
  return {
    headers: checked.headers,
    // The runs of others say themselves what they ask for.
    messages: tools?.instruction === undefined || delegates
      ? paired
      : addInstruction(paired, tools.instruction),
    options: { ...checked.options, conversation },
    model,
    tools,
    settings: makesImages
      ? NOTHING
      : getOwn(definition.modelSettings ?? {}, model) ?? definition.settings ??
        NOTHING,
    imageSettings: makesImages ? definition.imageSettings ?? NOTHING : NOTHING,
  };
}
