/**
 * Whether a provider answers now.
 *
 * @module
 */

import { isContent } from "../core/chat/is_content.ts";
import { SYSTEM_CLOCK } from "../core/streams/clock.ts";
import {
  type ChatEvent,
  type Clock,
  type ErrorCode,
  isProviderError,
  type Provider,
  type ProviderError,
} from "../mod.ts";

/**
 * How a provider is: it answers, it does so late, it wants to be asked less, it
 * refuses the key, it wants a login, it or its model is not there, it fails, or
 * it speaks otherwise than the provider knows.
 */
export type Verdict =
  | "ok"
  | "slow"
  | "rate-limited"
  | "key-refused"
  | "login-wall"
  | "gone"
  | "failing"
  | "changed";

/** How a provider is. */
export interface Health {
  /** The id of the provider. */
  readonly provider: string;
  /** The id of the model that was asked. */
  readonly model: string;
  /** How it is. */
  readonly verdict: Verdict;
  /** Why: a sentence without a period, free of keys. */
  readonly reason: string;
  /** How long it took, in milliseconds. */
  readonly ms: number;
  /** The error, where it did not answer. */
  readonly error?: ProviderError | undefined;
}

/** Options for {@linkcode probe}. */
export interface ProbeOptions {
  /**
   * The model that is asked.
   *
   * @default {the provider's `defaultModel`}
   */
  readonly model?: string | undefined;
  /** Ends the probe: it then rejects with `signal.reason`. */
  readonly signal?: AbortSignal | undefined;
  /**
   * For how many milliseconds it waits.
   *
   * @default {30_000}
   */
  readonly timeout?: number | undefined;
  /**
   * After how many milliseconds without a first content it is slow.
   *
   * @default {5_000}
   */
  readonly slowAfter?: number | undefined;
  /**
   * Where time comes from.
   *
   * @default {the clock of the machine}
   */
  readonly clock?: Clock | undefined;
}

/** What is asked. */
const PROMPT = "Say yes";

/** The most tokens that an answer may take; some servers take no fewer. */
const MAX_TOKENS = 16;

/** What errors mean; all others mean that the server has changed. */
const VERDICTS: Readonly<Partial<Record<ErrorCode, Verdict>>> = {
  "authentication": "key-refused",
  "network": "gone",
  "not-found": "gone",
  "rate-limit": "rate-limited",
  "timeout": "slow",
  "unknown-model": "gone",
  "upstream": "failing",
};

/** How servers ask for a login, where none of them calls it a key. */
const LOGIN = /\b(?:log|sign)(?:ged)?[ -]?in\b/i;

function toVerdict({ code, message }: ProviderError): Verdict {
  const isLogin = code === "authentication" && LOGIN.test(message);
  return isLogin ? "login-wall" : VERDICTS[code] ?? "changed";
}

/** Whether an event shows that a model answers. */
function isAnswer(event: ChatEvent): boolean {
  // A model that thinks may have used up its tokens by then.
  return isContent(event) ||
    (event.type === "finish" && event.reason === "length");
}

/**
 * Asks a provider as little as shows whether it answers, once, and leaves at the
 * first content.
 *
 * @param provider The provider; a failover is asked as a whole.
 * @param options Which model is asked, and how long.
 * @returns How it is, and why.
 * @throws {ProviderError} If the provider does not know the model, with code
 * `unknown-model`.
 * @throws The reason of the signal, if it aborts.
 *
 * @example
 * ```ts
 * import { createAiChats } from "@parley/chat";
 * import { probe } from "@parley/chat/health";
 * import { assertEquals } from "@std/assert";
 *
 * const aiChats = createAiChats({
 *   fetch: () => Promise.resolve(new Response("no", { status: 429 })),
 * });
 * const { verdict } = await probe(aiChats);
 * assertEquals(verdict, "rate-limited");
 * ```
 */
export async function probe(
  provider: Provider,
  { timeout = 30_000, slowAfter = 5_000, clock = SYSTEM_CLOCK, ...options }:
    ProbeOptions = {},
): Promise<Health> {
  const model = provider.getModel(options.model);
  const start = clock.now();
  function toHealth(
    verdict: Verdict,
    reason: string,
    error?: ProviderError,
  ): Health {
    const ms = Math.round(clock.now() - start);
    return {
      provider: provider.id,
      model,
      verdict,
      reason,
      ms,
      ...(error && { error }),
    };
  }
  try {
    const stream = provider.stream(PROMPT, {
      model,
      signal: options.signal,
      timeouts: { total: timeout },
      maxRetries: 0,
      ...(provider.settings.includes("maxTokens") && { maxTokens: MAX_TOKENS }),
    });
    for await (const event of stream) {
      if (!isAnswer(event)) continue;
      return clock.now() - start > slowAfter
        ? toHealth("slow", `First content took more than ${slowAfter} ms`)
        : toHealth("ok", "It answers");
    }
    return toHealth("changed", "Answer is empty");
  } catch (error) {
    if (!isProviderError(error)) throw error;
    return toHealth(toVerdict(error), error.message, error);
  }
}
