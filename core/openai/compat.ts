/**
 * What is particular to a server that speaks like OpenAI's.
 *
 * @module
 */

import { flag, toOptions } from "../chat/option_schemas.ts";
import { custom, type ZodType } from "../chat/zod.ts";
import { PREFILLS } from "./prefill.ts";
import type { OutputSupport, ToolSupport } from "../chat/tools.ts";
import { withoutUndefined } from "../streams/values.ts";

/** What one kind of server that speaks like OpenAI's does its own way. */
export interface OpenAiCompat {
  /**
   * What the server calls `maxTokens`. Newer models of OpenAI refuse
   * `max_tokens`, and many other servers know nothing else.
   *
   * @default {"max_completion_tokens" at api.openai.com, else "max_tokens"}
   */
  readonly maxTokensField?: "max_tokens" | "max_completion_tokens" | undefined;
  /**
   * Whether a stream is asked for its usage with `stream_options`, which some
   * servers refuse.
   *
   * @default {true}
   */
  readonly includeUsage?: boolean | undefined;
  /**
   * How the server is asked to go on with an assistant's message at the end: by
   * `prefix` of the message (DeepSeek, Mistral), by `continue_final_message` of
   * the request (vLLM, SGLang), or, as it does so anyway, not at all (llama.cpp).
   *
   * @default {it does not go on with one}
   */
  readonly prefill?:
    | "prefix"
    | "continue_final_message"
    | "implicit"
    | undefined;
  /**
   * Whether the ids of calls are kept for who made them, or all written as nine
   * letters and digits.
   *
   * @default {"short" at api.mistral.ai, else "keep"}
   */
  readonly toolCallIds?: "keep" | "short" | undefined;
  /**
   * Whether a model gets back what it thought before it called tools, which some
   * servers want and others refuse.
   *
   * @default {true}
   */
  readonly echoReasoning?: boolean | undefined;
  /**
   * Whether the server takes tools beside a schema of the answer. Otherwise the
   * object is asked for as the input of one more tool.
   *
   * @default {true at api.openai.com, else false}
   */
  readonly outputWithTools?: boolean | undefined;
  /**
   * Whether the server streams answers that may call tools. Otherwise such an
   * answer is asked for in one piece, as older servers of llama.cpp want it.
   *
   * @default {true}
   */
  readonly streamWithTools?: boolean | undefined;
  /**
   * Whether the server takes tools.
   *
   * @default {"native"}
   */
  readonly toolSupport?: ToolSupport | undefined;
  /**
   * What the server takes at best where an object is asked for.
   *
   * @default {"schema"}
   */
  readonly outputSupport?: OutputSupport | undefined;
}

/** Wants one of some words. */
function oneOf(...words: readonly string[]): ZodType {
  const quoted = words.map((word) => `"${word}"`);
  const wanted = `${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1)}`;
  return custom((value) => words.some((word) => word === value), wanted);
}

/** Says what {@linkcode OpenAiCompat} must be. */
export function toCompatSchema(): ZodType {
  return toOptions({
    maxTokensField: oneOf("max_tokens", "max_completion_tokens"),
    includeUsage: flag(),
    prefill: oneOf(...PREFILLS),
    toolCallIds: oneOf("keep", "short"),
    echoReasoning: flag(),
    outputWithTools: flag(),
    streamWithTools: flag(),
    toolSupport: oneOf("native", "none"),
    outputSupport: oneOf("schema", "json", "prompt", "none"),
  });
}

/** {@linkcode OpenAiCompat} with what is known of servers. */
export type ResolvedCompat =
  & {
    readonly [Name in keyof Omit<OpenAiCompat, "prefill">]-?: Exclude<
      OpenAiCompat[Name],
      undefined
    >;
  }
  & {
    readonly prefill?: OpenAiCompat["prefill"];
    /** Whether the server is OpenAI's own. */
    readonly isOpenAi: boolean;
  };

/**
 * Sets what is known of a server, where the caller says nothing else.
 *
 * @param compat What the caller says.
 * @param baseUrl Where the server is.
 */
export function toCompat(
  compat: OpenAiCompat,
  baseUrl: string | URL,
): ResolvedCompat {
  const url = String(baseUrl);
  const origin = URL.canParse(url) ? new URL(url).origin : "";
  const isOpenAi = origin === "https://api.openai.com";
  return {
    maxTokensField: isOpenAi ? "max_completion_tokens" : "max_tokens",
    includeUsage: true,
    toolCallIds: origin === "https://api.mistral.ai" ? "short" : "keep",
    echoReasoning: true,
    outputWithTools: isOpenAi,
    streamWithTools: true,
    toolSupport: "native",
    outputSupport: "schema",
    isOpenAi,
    ...withoutUndefined(compat),
  };
}
