/**
 * One call of the AI SDK, as a run.
 *
 * @module
 */

import type {
  LanguageModelV4CallOptions,
  SharedV4Warning,
} from "@ai-sdk/provider";
import type { ChatStream, Provider } from "@parley/chat";
import { type CallOptions, readCallOptions } from "./call_options.ts";
import { readPrompt } from "./messages.ts";

/** One call. */
export interface Call {
  /** Who is asked. */
  readonly provider: Provider;
  /** The id of its model. */
  readonly model: string;
  /** What is asked for. */
  readonly options: CallOptions;
  /** The answer. */
  readonly stream: ChatStream;
  /** What of the call has no effect. */
  readonly warnings: readonly SharedV4Warning[];
  /**
   * Whether text is held back, because the object that is asked for may come as
   * a call, or with words around it.
   */
  readonly holdsText: boolean;
}

/**
 * Starts a call.
 *
 * @param provider Who is asked.
 * @param model The id of its model.
 * @param call What is asked.
 * @throws {UnsupportedFunctionalityError} If the prompt has a part that cannot be
 * sent.
 */
export function startCall(
  provider: Provider,
  model: string,
  call: LanguageModelV4CallOptions,
): Call {
  const warnings: SharedV4Warning[] = [];
  const options = readCallOptions(call, provider.id, warnings);
  const messages = readPrompt(call.prompt, provider.id, warnings);
  return {
    provider,
    model,
    options,
    stream: provider.stream(messages, { ...options, model }),
    warnings,
    holdsText: options.output !== undefined &&
      (options.tools !== undefined || provider.outputSupport === "prompt"),
  };
}
