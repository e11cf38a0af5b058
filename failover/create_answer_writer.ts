/**
 * The writer for what becomes of an answer that breaks off.
 *
 * @module
 */

import type { ResolvedLimits } from "../core/chat/provider_options.ts";
import type { AnswerWriter } from "./answer_writer.ts";
import { createContinueWriter } from "./continue_writer.ts";
import type { OnPartial } from "./failover_options.ts";
import { createHoldWriter } from "./hold_writer.ts";
import { createMatchWriter } from "./match_writer.ts";
import { createRestartWriter } from "./restart_writer.ts";

/**
 * Makes a writer of one answer.
 *
 * @param onPartial What becomes of an answer that breaks off.
 * @param limits What is held back at most.
 */
export function createAnswerWriter(
  onPartial: OnPartial,
  limits: ResolvedLimits,
): AnswerWriter {
  switch (onPartial) {
    case "restart":
    case "error":
      return createRestartWriter(onPartial);
    case "match":
      return createMatchWriter();
    case "continue":
      return createContinueWriter();
    case "hold":
      return createHoldWriter(limits);
  }
}
