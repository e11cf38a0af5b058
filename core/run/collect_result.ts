/**
 * A whole answer in one piece.
 *
 * @module
 */

import type { ChatResult } from "../chat/results.ts";
import { createResultCollector } from "./result_collector.ts";
import type { ReadableRun } from "./run.ts";

/**
 * Runs to the end and collects the answer.
 *
 * @param run The run.
 * @throws What the run throws.
 */
export async function collectResult(run: ReadableRun): Promise<ChatResult> {
  const collector = createResultCollector();
  run.partial.keepAll();
  for (;;) {
    const events = await run.next();
    if (events === undefined) break;
    for (const event of events) collector.add(event);
  }
  return collector.toResult({
    provider: run.provider,
    model: run.model,
    partial: run.partial.toAnswer(),
    attempts: run.attempts.toAttempts(),
  });
}
