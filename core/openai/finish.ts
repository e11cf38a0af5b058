/**
 * Why an answer ended, in the words of servers like OpenAI's.
 *
 * @module
 */

import type { FinishReason } from "../chat/events.ts";
import { getOwn, isFilled } from "../streams/values.ts";

/** What a word means: a reason, that the answer has failed, or nothing yet. */
type Meaning = FinishReason | "failed" | "none";

/** The words of OpenAI's own server, which most others use. */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  stop: "stop",
  length: "length",
  content_filter: "content-filter",
  tool_calls: "tool-calls",
  function_call: "tool-calls",
};

/**
 * How others write them, in small letters with underscores; the first that fits
 * counts. A word may stand among more, as in `content_filter: hate`.
 */
const PATTERNS: readonly (readonly [RegExp, Meaning])[] = [
  // Qwen's older service, watsonx, Gemini: on each chunk but the last.
  [/^(?:null|none|not_finished|unfinished|in_progress)$|unspecified$/, "none"],
  // Gemini (safety, recitation, prohibited_content, blocklist, spii), Zhipu
  // (sensitive), Anthropic (refusal), Bedrock (guardrail_intervened), Cohere
  // (error_toxic).
  [
    /filter|safety|toxic|moderat|sensitive|prohibited|blocklist|refus|guardrail|recitation|spii/,
    "content-filter",
  ],
  // Anthropic and Gemini (max_tokens, model_context_window_exceeded), Mistral
  // (model_length), Cohere (error_limit), watsonx (token_limit).
  [/length|^max_|(?:token|error)_limit|context_window/, "length"],
  // OpenRouter and Mistral (error), vLLM and SGLang (abort), Zhipu
  // (network_error), DeepSeek (insufficient_system_resource), Gemini
  // (malformed_function_call, unexpected_tool_call, too_many_tool_calls).
  [
    /error|fail|abort|cancel|time_?out|network|malformed|unexpected|missing|too_many|overload|unavailable|unload|insufficient|rate_limit/,
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
  const usual = getOwn(MEANINGS, word);
  if (usual !== undefined) return usual;
  const name = word.trim().replace(/([a-z])(?=[A-Z])/g, "$1_").toLowerCase()
    .replace(/\W+/g, "_");
  return PATTERNS.find(([pattern]) => pattern.test(name))?.[1] ?? "other";
}

/** Why an answer ended, as far as is known. */
export interface FinishState {
  /** What the reason means; `undefined` as long as there is none. */
  readonly meaning: FinishReason | "failed" | undefined;
  /** The upstream's own word. */
  readonly word: string | undefined;
  /**
   * Reads a reason. Of several the last that is not `stop` counts, but what has
   * failed stays so.
   *
   * @param word What stands where the reason does.
   */
  read(word: unknown): void;
  /**
   * Reads the reason of the model behind a router, which may tell more.
   *
   * @param word What stands where that reason does.
   */
  readNative(word: unknown): void;
}

/** Makes the state of one answer. */
export function createFinishState(): FinishState {
  let meaning: FinishState["meaning"];
  let word: string | undefined;

  function keep(next: Meaning, nextWord: string): void {
    if (next === "none" || meaning === "failed") return;
    if (next === "stop" && meaning !== undefined) return;
    meaning = next;
    word = nextWord.slice(0, MAX_WORD);
  }

  return {
    get meaning() {
      return meaning;
    },
    get word() {
      return word;
    },
    read(next) {
      if (isFilled(next)) keep(toMeaning(next), next);
    },
    readNative(next) {
      if (!isFilled(next)) return;
      const native = toMeaning(next);
      if (native === "failed" || OWN_WORDS.includes(next)) keep(native, next);
    },
  };
}
