/**
 * How much a gateway takes.
 *
 * @module
 */

import type { RouteStore } from "@parley/chat/failover";
import * as z from "zod/mini";
import { count, having } from "./checks.ts";

/** How much a gateway takes. */
export interface GatewayLimits {
  /**
   * The most bytes of a request.
   *
   * @default {1_048_576}
   */
  readonly bodyBytes?: number | undefined;
  /**
   * The most bytes of a request whose messages hold pictures.
   *
   * @default {1_048_576}
   */
  readonly imageBodyBytes?: number | undefined;
  /**
   * The most milliseconds until all of a request is there.
   *
   * @default {10_000}
   */
  readonly bodyTimeout?: number | undefined;
  /**
   * The most requests that are answered at once; `null` is no limit.
   *
   * @default {1_000}
   */
  readonly concurrency?: number | null | undefined;
  /**
   * The most of them with one API key, so that no key takes all; `null` is no
   * limit.
   *
   * @default {half of `concurrency` where there is more than one key}
   */
  readonly concurrencyPerKey?: number | null | undefined;
  /**
   * The most milliseconds for which a client may take nothing of an answer that
   * comes in pieces; then it is let go of.
   *
   * @default {30_000}
   */
  readonly stallTimeout?: number | undefined;
  /**
   * The most requests in any minute with one API key; `null` is no limit.
   *
   * @default {null}
   */
  readonly requestsPerMinute?: number | null | undefined;
  /**
   * Where all instances count the requests of a minute, such as what
   * `createKvStore()` gives, which may be the store of the failover, too. One
   * that fails or is slow costs no answer: an instance then counts for itself.
   *
   * @default {each instance counts for itself}
   */
  readonly store?: RouteStore | undefined;
}

/** Limits of which each is set. */
export type SetLimits =
  & {
    readonly [Name in keyof Omit<GatewayLimits, "store">]-?: Exclude<
      GatewayLimits[Name],
      undefined
    >;
  }
  & Pick<GatewayLimits, "store">;

/** What limits must be. */
export const Limits = z.strictObject({
  bodyBytes: z.optional(count),
  imageBodyBytes: z.optional(count),
  bodyTimeout: z.optional(count),
  concurrency: z.optional(z.nullable(count)),
  concurrencyPerKey: z.optional(z.nullable(count)),
  stallTimeout: z.optional(count),
  requestsPerMinute: z.optional(z.nullable(count)),
  store: z.optional(having(["get", "update"], "a store")),
});

/**
 * Sets the limits that are not set.
 *
 * @param limits Those that are.
 * @param keys How many keys share them.
 */
export function setLimits(limits: GatewayLimits = {}, keys: number): SetLimits {
  const {
    bodyBytes = 1_048_576,
    imageBodyBytes = 1_048_576,
    bodyTimeout = 10_000,
    concurrency = 1_000,
    concurrencyPerKey = concurrency === null || keys < 2
      ? null
      : Math.ceil(concurrency / 2),
    stallTimeout = 30_000,
    requestsPerMinute = null,
    store,
  } = limits;
  return {
    bodyBytes,
    imageBodyBytes,
    bodyTimeout,
    concurrency,
    concurrencyPerKey,
    stallTimeout,
    requestsPerMinute,
    store,
  };
}
