/**
 * How much may be asked at once, and in a minute.
 *
 * @module
 */

import type { Clock } from "@parley/chat";
import type { MiddlewareHandler } from "hono";
import { toErrorResponse } from "./errors.ts";
import type { GatewayEnvironment } from "./gateway_environment.ts";

const MINUTE = 60_000;

/** How long to wait for a slot: about as long as an answer takes. */
const SLOT_WAIT = 1_000;

function refuse(message: string, ms: number): Response {
  return toErrorResponse(429, { message, code: "rate_limit_exceeded" }, {
    "retry-after": `${Math.ceil(ms / 1_000)}`,
    // OpenAI's clients prefer it.
    "retry-after-ms": `${Math.ceil(ms)}`,
  });
}

/** Options for {@linkcode limitConcurrency}. */
export interface ConcurrencyOptions {
  /** The most requests under way; `null` is no limit. */
  readonly concurrency: number | null;
  /** The most of them with one key; `null` is no limit. */
  readonly concurrencyPerKey: number | null;
}

/**
 * Limits how many requests are under way. One that is too many is refused at
 * once; a slot is free again when the answer is over, however it ends.
 *
 * @param options How many, and how many of those with one key.
 * @returns The middleware.
 */
export function limitConcurrency(
  { concurrency, concurrencyPerKey }: ConcurrencyOptions,
): MiddlewareHandler<GatewayEnvironment> {
  const taken = new Map<string, number>();
  let all = 0;

  function add(keyId: string, change: 1 | -1): void {
    all += change;
    taken.set(keyId, (taken.get(keyId) ?? 0) + change);
  }

  return async (context, next) => {
    const { keyId } = context.var;
    if (all >= (concurrency ?? Infinity)) {
      return refuse("Too many requests at once", SLOT_WAIT);
    }
    if ((taken.get(keyId) ?? 0) >= (concurrencyPerKey ?? Infinity)) {
      return refuse("Too many requests at once with this key", SLOT_WAIT);
    }
    add(keyId, 1);
    context.var.lifetime.onEnd(() => add(keyId, -1));
    await next();
  };
}

/**
 * Counts the requests of the last minute exactly: it remembers when each one
 * came that was let in.
 */
class MinuteWindow {
  /** The times, in a ring; the oldest is overwritten when it is too old. */
  readonly #times: Float64Array;
  #first = 0;
  #count = 0;

  constructor(limit: number) {
    this.#times = new Float64Array(limit);
  }

  /** How many more are let in now. */
  get remaining(): number {
    return this.#times.length - this.#count;
  }

  /**
   * Lets one in.
   *
   * @returns How long to wait where it is not, else 0.
   */
  take(now: number): number {
    this.#forget(now);
    const limit = this.#times.length;
    if (this.#count === limit) return this.#timeAt(0) + MINUTE - now;
    this.#times[(this.#first + this.#count++) % limit] = now;
    return 0;
  }

  /** Milliseconds until none of those that were let in counts any more. */
  toReset(now: number): number {
    return this.#timeAt(this.#count - 1) + MINUTE - now;
  }

  #timeAt(index: number): number {
    return this.#times[(this.#first + index) % this.#times.length] ?? 0;
  }

  #forget(now: number): void {
    while (this.#count > 0 && this.#timeAt(0) + MINUTE <= now) {
      this.#first = (this.#first + 1) % this.#times.length;
      this.#count--;
    }
  }
}

/** Writes a duration as OpenAI does: `12ms`, `1.5s`, `6m0s`. */
function toDuration(ms: number): string {
  if (ms < 1_000) return `${Math.ceil(ms)}ms`;
  const seconds = Math.ceil(ms) / 1_000;
  return seconds < 60
    ? `${seconds}s`
    : `${Math.floor(seconds / 60)}m${Number((seconds % 60).toFixed(3))}s`;
}

/**
 * Limits how many requests come with one key in any minute. Answers tell what
 * is left in `x-ratelimit-limit-requests`, `x-ratelimit-remaining-requests` and
 * `x-ratelimit-reset-requests`.
 *
 * It takes 8 bytes for each request that the limit allows and each key that is
 * configured: other keys do not come this far.
 *
 * @param limit The most requests in a minute; `null` is none.
 * @param clock Where time comes from.
 * @returns The middleware.
 */
export function limitRate(
  limit: number | null,
  clock: Clock,
): MiddlewareHandler<GatewayEnvironment> {
  if (limit === null) return async (_context, next) => await next();
  const windows = new Map<string, MinuteWindow>();
  return async (context, next) => {
    const { keyId } = context.var;
    const window = windows.get(keyId) ?? new MinuteWindow(limit);
    windows.set(keyId, window);
    const now = clock.now();
    const wait = window.take(now);
    const headers = {
      "x-ratelimit-limit-requests": `${limit}`,
      "x-ratelimit-remaining-requests": `${window.remaining}`,
      "x-ratelimit-reset-requests": toDuration(window.toReset(now)),
    };
    if (wait > 0) context.res = refuse("Too many requests in a minute", wait);
    else await next();
    for (const [name, value] of Object.entries(headers)) {
      context.res.headers.set(name, value);
    }
  };
}
