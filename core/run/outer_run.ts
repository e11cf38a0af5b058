/**
 * What a run that asks other providers hands to their runs, beside the options that
 * callers set.
 *
 * @module
 */

import type { ProviderError } from "../chat/errors.ts";
import type { ChatOptions, Timeouts } from "../chat/types.ts";
import type { RetryBudget } from "../http/retry_budget.ts";
import type { StopCutter } from "./stop_cutter.ts";

/** Known to every copy of the library: a route may be of another one. */
const OUTER_RUN: unique symbol = Symbol.for("@parley/chat/outer-run");

/** What bounds the further attempts of a run. */
export interface RetryLimits {
  /** How many further attempts it may make. */
  readonly maxRetries: number;
  /** What all runs of its provider share. */
  readonly retryBudget: RetryBudget;
}

/** The run that asks. */
export interface OuterRun {
  /** Clocks, where neither the caller nor the provider's owner set others. */
  readonly timeouts?: Timeouts | undefined;
  /**
   * Whether a failed attempt may be followed by another; asked before the wait
   * and after it.
   *
   * @default {it may}
   */
  readonly mayRetry?:
    | ((failure: ProviderError) => Promise<boolean>)
    | undefined;
  /**
   * Gets what bounds the run as it begins; `undefined` where its provider keeps
   * chats: what it is asked must not be asked again.
   */
  readonly onBegin?: ((limits: RetryLimits | undefined) => void) | undefined;
  /**
   * Cuts at the stop words in the place of the run, whose text is but a part of
   * an answer.
   *
   * @default {the run cuts its text itself}
   */
  readonly cutter?: StopCutter | undefined;
  /**
   * Whether another run goes on with the answer where it breaks off: what may be
   * half a tag is not for it to go on with.
   *
   * @default {false}
   */
  readonly isJoined?: boolean | undefined;
  /** The options that it has checked: not those that somebody makes of them. */
  readonly checked?: ChatOptions | undefined;
}

type InnerOptions = ChatOptions & { [OUTER_RUN]?: OuterRun };

/**
 * Adds who asks to the options of a run.
 *
 * @param options The options, checked.
 * @param outer Who asks.
 */
export function withOuterRun(
  options: ChatOptions,
  outer: OuterRun,
): ChatOptions {
  const inner: InnerOptions = { ...options };
  inner[OUTER_RUN] = { ...outer, checked: inner };
  return inner;
}

/**
 * Finds who asks.
 *
 * @param options The options of a run.
 * @returns An empty object where a caller asks.
 */
export function toOuterRun(options: InnerOptions): OuterRun {
  return options[OUTER_RUN] ?? {};
}
