/**
 * The kinds of failure. Types only.
 *
 * @module
 */

/** What kind of failure a {@linkcode ProviderError} is. */
export type ErrorCode =
  | "invalid-request"
  | "unknown-provider"
  | "unknown-model"
  | "unsupported"
  | "context-length"
  | "content-filter"
  | "authentication"
  | "not-found"
  | "conversation-expired"
  | "conflict"
  | "rate-limit"
  | "upstream"
  | "bad-response"
  | "incomplete"
  | "network"
  | "timeout"
  | "too-large"
  | "unsafe-url"
  | "bad-image"
  | "invalid-output";

/** The clock that ran out in an error with code `timeout`. */
export type TimeoutPhase = "headers" | "first-token" | "idle" | "total";

/**
 * Why an answer is not the object that was asked for: it was cut at its
 * length, refuses, is no JSON, or is not what the schema says.
 */
export type OutputFailure = "length" | "refusal" | "syntax" | "schema";
