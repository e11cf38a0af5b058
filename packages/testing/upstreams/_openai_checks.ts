import type * as z from "zod/mini";
import { toErrorResponse } from "./_openai_body.ts";
import type { ChatBody } from "./_openai_request.ts";

/**
 * Refuses a request without the key, or with another.
 *
 * @throws {Response} The refusal.
 */
export function checkKey(headers: Headers, apiKey: string | undefined): void {
  if (apiKey === undefined) return;
  const [, key] = /^Bearer +(.+)$/i.exec(headers.get("authorization") ?? "") ??
    [];
  if (key === undefined) {
    throw toErrorResponse(
      401,
      "You didn't provide an API key in the header 'Authorization'.",
    );
  }
  if (key !== apiKey) {
    // The real one shows a part of it, too.
    const shown = `${key.slice(0, 8)}***${key.slice(-4)}`;
    throw toErrorResponse(401, `Incorrect API key provided: ${shown}.`, {
      code: "invalid_api_key",
    });
  }
}

/**
 * Refuses a model that is none of these.
 *
 * @throws {Response} The refusal.
 */
export function checkModel(models: readonly string[], model: string): void {
  if (models.includes(model)) return;
  throw toErrorResponse(
    404,
    `The model \`${model}\` does not exist or you do not have access to it.`,
    { code: "model_not_found" },
  );
}

/**
 * Refuses fields that do not go together, or not with the model.
 *
 * @throws {Response} The refusal.
 */
export function checkChat(
  body: z.output<typeof ChatBody>,
  reasoningModels: readonly string[],
): void {
  if (body.stream_options && !body.stream) {
    throw toErrorResponse(
      400,
      "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
      { param: "stream_options" },
    );
  }
  for (const param of ["tool_choice", "parallel_tool_calls"] as const) {
    if (isNullish(body[param]) || !isNullish(body.tools)) continue;
    throw toErrorResponse(
      400,
      `Invalid value for '${param}': only allowed when 'tools' are specified.`,
      { param },
    );
  }
  if (isNullish(body.max_tokens)) return;
  if (!isNullish(body.max_completion_tokens)) {
    throw toErrorResponse(
      400,
      "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.",
      { code: "invalid_parameter_combination" },
    );
  }
  if (reasoningModels.includes(body.model)) {
    throw toErrorResponse(
      400,
      "Unsupported parameter: 'max_tokens' is not supported with this model. " +
        "Use 'max_completion_tokens' instead.",
      { param: "max_tokens", code: "unsupported_parameter" },
    );
  }
}

function isNullish(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

/**
 * Refuses what the context of the model does not hold.
 *
 * @throws {Response} The refusal.
 */
export function checkLength(
  promptTokens: number,
  maxTokens: number,
  contextLength: number,
): void {
  // An answer without a bound has what the prompt leaves.
  const answerTokens = Number.isFinite(maxTokens) ? maxTokens : 0;
  if (promptTokens + answerTokens <= contextLength) return;
  throw toErrorResponse(
    400,
    `This model's maximum context length is ${contextLength} tokens. However, ` +
      `you requested ${
        promptTokens + answerTokens
      } tokens (${promptTokens} in ` +
      `the messages, ${answerTokens} in the completion).`,
    { param: "messages", code: "context_length_exceeded" },
  );
}
