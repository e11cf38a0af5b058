/**
 * What a failure says of the routes that are left.
 *
 * @module
 */

import { type ErrorCode, isProviderError, type ProviderError } from "../mod.ts";
import { isError } from "../core/streams/values.ts";

/** Failures that are the route's own: its health is at stake. */
const UNHEALTHY: readonly ErrorCode[] = [
  "authentication",
  "bad-response",
  "incomplete",
  "network",
  "not-found",
  "rate-limit",
  "timeout",
  "upstream",
];

/**
 * Whether a failure speaks against the health of its route. What the failover
 * itself cannot take, such as an answer that differs, names no provider.
 *
 * @param error What the route failed with.
 */
export function isUnhealthy(error: unknown): error is ProviderError {
  return isProviderError(error) && error.provider !== undefined &&
    UNHEALTHY.includes(error.code);
}

/**
 * Whether the next route is to be asked after a failure. What the first route
 * refuses as wrong is wrong; where a later one does, it takes less than the
 * first.
 *
 * @param error What a route failed with.
 * @param isFirst Whether it is the first that was asked.
 */
export function shouldAskNext(
  error: unknown,
  isFirst: boolean,
): error is ProviderError {
  return isProviderError(error) && error.code !== "content-filter" &&
    !(isFirst && error.code === "invalid-request");
}

/** How systems say that nobody listens, and servers that they load a model. */
const DOWN = /\brefused\b|ECONNREFUSED|\bload(?:s|ing)\b/i;

/**
 * Whether a failure says that it is still there in a second, so that it is no
 * use to ask the same route again while another is left: nobody listens, or the
 * server is still loading its model.
 *
 * @param error What a route failed with.
 */
export function isDown({ code, status, body, cause }: ProviderError): boolean {
  if (status === 503) return DOWN.test(body ?? "");
  let words = "";
  for (let error = cause; isError(error); error = error.cause) {
    words += ` ${error.message}`;
  }
  return code === "network" && DOWN.test(words);
}
