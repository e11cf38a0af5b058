/**
 * What a provider needs that takes tools or gives objects. A value of its own, so
 * that the bundle of another leaves it out.
 *
 * @module
 */

import { createCallCollector } from "./call_collector.ts";
import { completeAnswer } from "./complete_answer.ts";
import { pairCalls } from "./pair_calls.ts";
import { readAssistant, readResult } from "./read_calls.ts";
import type { CallMessages } from "./read_message.ts";
import { planTools } from "./tool_plan.ts";

/** What a provider needs that takes tools or gives objects. */
export interface ToolSuite extends CallMessages {
  /** Puts results in the order of their calls. */
  readonly pairCalls: typeof pairCalls;
  /** Decides what is sent. */
  readonly planTools: typeof planTools;
  /** Collects the pieces of calls. */
  readonly createCallCollector: typeof createCallCollector;
  /** Reads what a whole answer gives. */
  readonly completeAnswer: typeof completeAnswer;
}

/** All of it. */
export const TOOL_SUITE: ToolSuite = {
  readAssistant,
  readResult,
  pairCalls,
  planTools,
  createCallCollector,
  completeAnswer,
};
