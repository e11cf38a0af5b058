/**
 * How a provider says what failed. Types only.
 *
 * @module
 */

import type { ProviderErrorOptions } from "./errors.ts";

/** Options for `fail` of a run. */
export interface FailOptions
  extends Omit<ProviderErrorOptions, "body" | "provider"> {
  /** What the upstream said; cleaned before it is used. */
  readonly words?: string | undefined;
}

/** Options for `toUpstreamError` of a run. */
export interface UpstreamErrorOptions {
  /**
   * What failed: a sentence without a period.
   *
   * @default {"Upstream failed"}
   */
  readonly reason?: string | undefined;
  /**
   * Whether the request may be sent again before its first content, where the
   * failure may pass.
   *
   * @default {true}
   */
  readonly repeatable?: boolean | undefined;
}
