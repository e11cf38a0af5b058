/**
 * What is asked of an upstream beside answers, such as which models it has.
 *
 * @module
 */

import type { ProviderDefinition, RunContext } from "../chat/definition.ts";
import { createModels } from "../chat/models.ts";
import type { ProviderOptions } from "../chat/provider_options.ts";
import { createCheck } from "../chat/option_schemas.ts";
import { toRequestSchemas } from "./input.ts";
import { ProviderRun } from "./run.ts";
import type { ProviderParts } from "./run_plan.ts";
import { RunStream } from "./run_stream.ts";
import { createRetryBudget } from "../http/retry_budget.ts";
import { toProviderConfig } from "../http/provider_config.ts";
import type { ChatOptions } from "../chat/types.ts";

/** Settings of an inquiry; the others are about answers. */
export type InquiryOptions = Pick<
  ChatOptions,
  "headers" | "maxRetries" | "maxRetryDelay" | "signal" | "timeouts"
>;

const checkInquiryOptions = /* @__PURE__ */ createCheck(toRequestSchemas);

/** What makes an inquiry. */
export interface InquiryInit<T> {
  /** The id of the provider. */
  readonly provider: string;
  /** What it does with the provider, in the words of an error. */
  readonly action: string;
  /**
   * Where the upstream is, unless that is set.
   *
   * @default {""}
   */
  readonly baseUrl?: string;
  /**
   * Asks the upstream, once for each attempt.
   *
   * @param run The means to ask.
   */
  ask(run: RunContext): Promise<T>;
}

/**
 * Makes an inquiry: a run like any other, with its attempts, clocks, limits and
 * errors, whose answer is a value instead of events.
 *
 * @param init What it asks.
 * @param options What is set for the provider.
 * @returns Asks the upstream; rejects as a run does.
 * @throws {ProviderError} If an option is wrong, with code `invalid-request`.
 */
export function createInquiry<T>(
  { provider, action, baseUrl = "", ask }: InquiryInit<T>,
  options: ProviderOptions,
): (options?: InquiryOptions) => Promise<T> {
  const config = toProviderConfig(options, baseUrl);
  const retryBudget = createRetryBudget();
  return async (options = {}) => {
    checkInquiryOptions(options);
    const answer: { value?: T } = {};
    const definition: ProviderDefinition = {
      id: provider,
      label: provider,
      url: config.baseUrl,
      baseUrl: config.baseUrl,
      working: true,
      defaultModel: "",
      models: [],
      async *respond(run) {
        answer.value = await ask(run);
        yield { type: "finish", reason: "stop" };
      },
    };
    const parts: ProviderParts = {
      definition,
      config,
      // No model is asked.
      models: { ...createModels(definition), getModel: () => "" },
      retryBudget,
      busy: new Set(),
      action,
    };
    // Too short to be taken for words of the caller, which no error repeats.
    await new RunStream(new ProviderRun(parts, "?", options)).result();
    // The run went well, so that it was set.
    return answer.value as T;
  };
}
