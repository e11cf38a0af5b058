/**
 * A whole answer in one piece.
 *
 * @module
 */

import type { Provider } from "../chat/provider.ts";
import type { ChatResult } from "../chat/results.ts";
import type { InferOutput, Output } from "../chat/tools.ts";
import type { ChatInput, ChatOptions } from "../chat/types.ts";
import { toPartialAnswer } from "./partial_collector.ts";
import { createResultCollector } from "./result_collector.ts";
import type { Run } from "./run.ts";

/**
 * Runs to the end and collects the answer.
 *
 * @param run The run.
 * @throws What the run throws.
 */
export async function collectResult(run: Run): Promise<ChatResult> {
  const collector = createResultCollector();
  run.partial.maxKept = Infinity;
  for (;;) {
    const events = await run.next();
    if (events === undefined) break;
    for (const event of events) collector.add(event);
  }
  return collector.toResult({
    provider: run.provider,
    model: run.model,
    partial: toPartialAnswer(run.partial),
    attempts: run.toAttempts(),
  });
}

/**
 * Makes the `generate()` of a provider.
 *
 * @param stream Its `stream()`.
 */
export function createGenerate(
  stream: Provider["stream"],
): Provider["generate"] {
  return async <const O extends Output | undefined = undefined>(
    input: ChatInput,
    options?: ChatOptions & { readonly output?: O },
  ): Promise<ChatResult<InferOutput<O>>> => {
    const result = await stream(input, options).result();
    // The run has checked the object, whose type its schema gives.
    return result as ChatResult<InferOutput<O>>;
  };
}
