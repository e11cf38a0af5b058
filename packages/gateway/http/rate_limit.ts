/**
 * How much may be asked at once, and in a minute.
 *
 * @module
 */

import type { Clock } from "@parley/chat";
import type { RouteStore } from "@parley/chat/failover";
import type { MiddlewareHandler } from "hono";
import { toErrorResponse } from "./errors.ts";
import type { GatewayEnvironment } from "./gateway_environment.ts";
import { passOn } from "./pass_on.ts";
import {
  createOwnCounter,
  createSharedCounter,
  type RequestCounter,
} from "./request_counter.ts";

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
    const keyId = context.get("keyId");
    if (all >= (concurrency ?? Infinity)) {
      return refuse("Too many requests at once", SLOT_WAIT);
    }
    if ((taken.get(keyId) ?? 0) >= (concurrencyPerKey ?? Infinity)) {
      return refuse("Too many requests at once with this key", SLOT_WAIT);
    }
    add(keyId, 1);
    context.get("lifetime").onEnd(() => add(keyId, -1));
    await next();
  };
}

/** Writes a duration as OpenAI does: `12ms`, `1.5s`, `6m0s`. */
function toDuration(ms: number): string {
  if (ms < 1_000) return `${Math.ceil(ms)}ms`;
  const seconds = Math.ceil(ms) / 1_000;
  return seconds < 60
    ? `${seconds}s`
    : `${Math.floor(seconds / 60)}m${Number((seconds % 60).toFixed(3))}s`;
}

/** Options for {@linkcode limitRate}. */
export interface RateOptions {
  /** The most requests with one key in a minute; `null` is no limit. */
  readonly requestsPerMinute: number | null;
  /** Where all instances count; without one each counts for itself. */
  readonly store?: RouteStore | undefined;
  /** Where time comes from. */
  readonly clock: Clock;
}

/**
 * Limits how many requests come with one key in a minute: in any, or in each of
 * the clock where all instances count together. Answers say what is left in
 * `x-ratelimit-limit-requests`, `x-ratelimit-remaining-requests` and
 * `x-ratelimit-reset-requests`.
 *
 * It takes 8 bytes for each request that the limit allows and each key that is
 * configured: other keys do not come this far.
 *
 * @param options How many, and where they are counted.
 * @returns The middleware.
 */
export function limitRate(
  { requestsPerMinute: limit, store, clock }: RateOptions,
): MiddlewareHandler<GatewayEnvironment> {
  if (limit === null) return passOn;
  const counters = new Map<string, RequestCounter>();

  const find = (keyId: string): RequestCounter => {
    const known = counters.get(keyId);
    if (known !== undefined) return known;
    const counter = store === undefined
      ? createOwnCounter({ limit, clock })
      : createSharedCounter({ store, keyId, limit, clock });
    counters.set(keyId, counter);
    return counter;
  };

  return async (context, next) => {
    const { keyId, lifetime } = context.var;
    const { wait, remaining, reset } = await find(keyId)(lifetime);
    const headers = {
      "x-ratelimit-limit-requests": `${limit}`,
      "x-ratelimit-remaining-requests": `${remaining}`,
      "x-ratelimit-reset-requests": toDuration(reset),
    };
    if (wait > 0) context.res = refuse("Too many requests in a minute", wait);
    else await next();
    for (const [name, value] of Object.entries(headers)) {
      context.res.headers.set(name, value);
    }
  };
}
