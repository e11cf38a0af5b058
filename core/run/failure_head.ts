/**
 * What a run that failed is in HTTP.
 *
 * @module
 */

import type { ErrorCode } from "../chat/error_code.ts";
import { isProviderError } from "../chat/errors.ts";

/** The beginning of a response that says that a run failed. */
export interface FailureHead {
  /** The status. */
  readonly status: number;
  /** `retry-after`, where a wait may help. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * What is not the fault of the upstream. A refused key is: it belongs to who
 * serves, and not to who asks.
 */
const STATUSES: Readonly<Partial<Record<ErrorCode, number>>> = {
  "invalid-request": 400,
  "unknown-provider": 404,
  "unknown-model": 404,
  "unsupported": 400,
  "context-length": 400,
  "content-filter": 400,
  "conversation-expired": 422,
  "conflict": 409,
  "rate-limit": 429,
  "timeout": 504,
};

/** How long a client is asked to wait where the upstream does not say. */
const RETRY_AFTER = 1_000;

/** The longest wait that is asked for: an upstream may say anything. */
const MAX_RETRY_AFTER = 86_400_000;

/**
 * Says with which status a server answers where a run failed before its answer
 * began.
 *
 * @param error What the run rejected with; what is no `ProviderError` is the
 * abort of a client that left, 499.
 * @returns The status and headers; nothing that the upstream said.
 *
 * @example
 * ```ts
 * import { ProviderError } from "@parley/chat";
 * import { toFailureHead } from "@parley/chat/provider";
 * import { assertEquals } from "@std/assert";
 *
 * const error = new ProviderError("No", { code: "rate-limit", retryAfter: 1_500 });
 * assertEquals(toFailureHead(error), {
 *   status: 429,
 *   headers: { "retry-after": "2" },
 * });
 * ```
 */
export function toFailureHead(error: unknown): FailureHead {
  if (!isProviderError(error)) return { status: 499, headers: {} };
  const status = STATUSES[error.code] ?? 502;
  const delay = error.retryAfter ?? (status === 429 ? RETRY_AFTER : undefined);
  if (delay === undefined) return { status, headers: {} };
  const seconds = Math.ceil(Math.min(delay, MAX_RETRY_AFTER) / 1_000);
  return {
    // What asks for a wait is not there for a while.
    status: status === 502 && delay > 0 ? 503 : status,
    headers: { "retry-after": `${seconds}` },
  };
}
