/**
 * What can be set for a provider. Types only.
 *
 * @module
 */

import type { Clock } from "../streams/clock.ts";
import type { Timeouts } from "./types.ts";

/** What a provider takes before it gives up with code `too-large`. */
export interface Limits {
  /**
   * Characters of one line or event of an answer; bytes of an answer that comes
   * as one JSON object.
   *
   * @default {33_554_432}
   */
  readonly eventLength?: number | undefined;
  /**
   * Characters of one answer that are kept: text, reasoning and the inputs of
   * calls together. What is streamed without being collected has no such limit.
   *
   * @default {8_388_608}
   */
  readonly answerLength?: number | undefined;
  /**
   * Bytes of all pictures of one answer that are kept, as base64 writes them;
   * each counts as 1 KiB at least.
   *
   * @default {33_554_432}
   */
  readonly answerImageBytes?: number | undefined;
  /**
   * Bytes that are read of the body of an error.
   *
   * @default {65_536}
   */
  readonly errorBytes?: number | undefined;
  /**
   * Bytes of a picture, unpacked.
   *
   * @default {33_554_432}
   */
  readonly imageBytes?: number | undefined;
  /**
   * Characters of text in all messages of a run; more is an
   * `invalid-request`.
   *
   * @default {1_048_576}
   */
  readonly promptLength?: number | undefined;
  /**
   * Messages of a run; more is an `invalid-request`.
   *
   * @default {10_000}
   */
  readonly messages?: number | undefined;
}

/** {@linkcode Limits} with their defaults. */
export type ResolvedLimits = { readonly [Name in keyof Limits]-?: number };

/** What can be set for a provider. */
export interface ProviderOptions {
  /**
   * Another server that speaks the protocol; may have a path, and a query that
   * goes to every request, such as the `api-version` of Azure.
   *
   * @default {the public site}
   */
  readonly baseUrl?: string | URL | undefined;
  /** A key, sent as `Authorization: Bearer` or as the provider wants it. */
  readonly apiKey?: string | undefined;
  /** Headers for every request to the provider, over its own. */
  readonly headers?: RequestInit["headers"] | undefined;
  /**
   * What sends requests.
   *
   * @default {globalThis.fetch}
   */
  readonly fetch?: typeof fetch | undefined;
  /** An `http:`, `https:` or `socks5:` proxy, with user and password. Deno only. */
  readonly proxy?: string | URL | undefined;
  /**
   * The models, instead of the known ones. The first is the default model where
   * the known one is not among them; only known ids make pictures.
   */
  readonly models?: readonly string[] | undefined;
  /** Clocks of every run. */
  readonly timeouts?: Timeouts | undefined;
  /**
   * How many further attempts a failed one may have before its first content.
   *
   * @default {2}
   */
  readonly maxRetries?: number | undefined;
  /**
   * The longest wait that an upstream may ask for with `Retry-After`, in
   * milliseconds; where it asks for more, the run fails at once.
   *
   * @default {60_000}
   */
  readonly maxRetryDelay?: number | undefined;
  /**
   * Whether pictures are downloaded from hosts that are not public.
   *
   * @default {false}
   */
  readonly allowPrivateUrls?: boolean | undefined;
  /** Sizes. */
  readonly limits?: Limits | undefined;
  /** Where time comes from; for tests. */
  readonly clock?: Clock | undefined;
  /** Gives numbers from 0 to 1; for tests. */
  readonly random?: (() => number) | undefined;
  /** Gives UUIDs; for tests. */
  readonly randomUuid?: (() => string) | undefined;
}
