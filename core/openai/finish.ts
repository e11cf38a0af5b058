/**
 * Why an answer ended, in the words of servers like OpenAI's.
 *
 * @module
 */

import type { FinishReason } from "../chat/events.ts";
import { getOwn, isFilled } from "../streams/values.ts";

/** What a word means: a reason, that the answer has failed, or nothing yet. */
type Meaning = FinishReason | "failed" | "none";

/** The words of servers, in small letters. */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  stop: "stop",
  eos: "stop",
  eos_token: "stop", // Text Generation Inference
  end_turn: "stop", // Anthropic
  stop_sequence: "stop",
  complete: "stop", // Cohere
  completed: "stop",
  length: "length",
  max_tokens: "length", // Anthropic, Gemini
  max_output_tokens: "length",
  max_length: "length",
  model_length: "length", // Mistral
  model_context_window_exceeded: "length", // Anthropic
  error_limit: "length", // Cohere
  content_filter: "content-filter",
  content_filtered: "content-filter", // Bedrock
  guardrail_intervened: "content-filter", // Bedrock
  refusal: "content-filter", // Anthropic
  safety: "content-filter", // Gemini, as all the next ones
  image_safety: "content-filter",
  recitation: "content-filter",
  prohibited_content: "content-filter",
  blocklist: "content-filter",
  spii: "content-filter",
  sensitive: "content-filter", // Zhipu
  error_toxic: "content-filter", // Cohere
  tool_calls: "tool-calls",
  tool_call: "tool-calls",
  tool_use: "tool-calls", // Anthropic
  function_call: "tool-calls",
  interrupted: "interrupted",
  other: "other",
  error: "failed", // OpenRouter, Mistral
  abort: "failed", // vLLM, SGLang
  aborted: "failed",
  cancelled: "failed",
  canceled: "failed",
  failed: "failed",
  timeout: "failed",
  network_error: "failed", // Zhipu
  insufficient_system_resource: "failed", // DeepSeek
  malformed_function_call: "failed", // Gemini
  unexpected_tool_call: "failed", // Gemini
  null: "none", // Qwen's older service
  none: "none",
  finish_reason_unspecified: "none", // Gemini
};

/** What the gateway of this library says where OpenAI has no word for it. */
const OWN_WORDS = ["interrupted", "other"];

/** Words that others may follow, as in `content_filter: hate`. */
const BEGINNINGS = ["content_filter", "error"];

function toMeaning(word: string): Meaning {
  const usual = getOwn(MEANINGS, word);
  if (usual !== undefined) return usual;
  const name = word.replace(/([a-z])(?=[A-Z])/g, "$1_").toLowerCase()
    .trim().replace(/\W+/g, "_");
  const beginning = BEGINNINGS.find((word) => name.startsWith(word)) ?? "";
  return getOwn(MEANINGS, name) ?? getOwn(MEANINGS, beginning) ?? "other";
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
    word = nextWord;
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
