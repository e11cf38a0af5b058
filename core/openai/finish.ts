/**
 * Why an answer ended, in the words of servers like OpenAI's.
 *
 * @module
 */

import type { FinishReason } from "../chat/events.ts";
import { isFilled } from "../streams/values.ts";
import type { AnswerState } from "./answer_state.ts";

/** What a word means: a reason, that the answer has failed, or nothing yet. */
type Meaning = FinishReason | "failed" | "none";

/**
 * How servers write them, in small letters with underscores; the first that fits
 * counts. A word may stand among more, as in `content_filter: hate`.
 */
const PATTERNS: readonly (readonly [RegExp, Meaning])[] = [
  // Qwen's older service, watsonx, Gemini: on each chunk but the last.
  [/^(?:null|none|not_finished|unfinished|in_progress)$|unspecified$/, "none"],
  // OpenAI (content_filter), Gemini (safety, recitation, prohibited_content,
  // blocklist, spii, model_armor), Zhipu (sensitive), Anthropic (refusal), Bedrock
  // (guardrail_intervened), Cohere (error_toxic).
  [
    /filter|safety|toxic|moderat|sensitive|prohibited|block|policy|armor|refus|guardrail|recitation|spii/,
    "content-filter",
  ],
  // Anthropic and Gemini (max_tokens, model_context_window_exceeded), Mistral
  // (model_length), Cohere (error_limit), watsonx (token_limit).
  [/length|^max_|(?:token|error)_limit|context_window/, "length"],
  // OpenRouter and Mistral (error), vLLM and SGLang (abort), Zhipu
  // (network_error), DeepSeek (insufficient_system_resource), Gemini
  // (malformed_function_call, unexpected_tool_call, too_many_tool_calls).
  [
    /error|fail|abort|cancel|time_?out|network|malformed|unexpected|missing|too_many|overload|unavailable|unload|insufficient|rate_limit|exception|disconnect|crash|dead|quota/,
    "failed",
  ],
  [/^(?:tool|function)_/, "tool-calls"], // Anthropic (tool_use)
  // Anthropic (end_turn, stop_sequence), TGI (eos_token), Cohere (complete).
  [/^(?:stop|eos|end|complete|finish|done)/, "stop"],
  [/^interrupted$/, "interrupted"],
];

/** The most characters of a word that are kept. */
const MAX_WORD = 200;

/** What the gateway of this library says where OpenAI has no word for it. */
const OWN_WORDS = ["interrupted", "other"];

function toMeaning(word: string): Meaning {
  const name = word.trim().replace(/([a-z])(?=[A-Z])/g, "$1_").toLowerCase()
    .replace(/\W+/g, "_");
  return PATTERNS.find(([pattern]) => pattern.test(name))?.[1] ?? "other";
}

function keep(state: AnswerState, meaning: Meaning, word: string): void {
  if (meaning === "none" || state.meaning === "failed") return;
  if (meaning === "stop" && state.meaning !== undefined) return;
  state.meaning = meaning;
  state.word = word.slice(0, MAX_WORD);
}

/**
 * Reads a reason. Of several the last that is not `stop` counts, but what has
 * failed stays so.
 *
 * @param state What is known of the answer.
 * @param word What stands where the reason does.
 */
export function readReason(state: AnswerState, word: unknown): void {
  // Some servers say it with each chunk.
  if (isFilled(word) && word !== state.word) {
    keep(state, toMeaning(word), word);
  }
}

/**
 * Reads the reason of the model behind a router, which may tell more.
 *
 * @param state What is known of the answer.
 * @param word What stands where that reason does.
 */
export function readNativeReason(state: AnswerState, word: unknown): void {
  if (!isFilled(word)) return;
  const native = toMeaning(word);
  if (native === "failed" || OWN_WORDS.includes(word)) {
    keep(state, native, word);
  }
}
