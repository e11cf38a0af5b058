/**
 * What the errors of a run are to a client of OpenAI's.
 *
 * @module
 */

import {
  type ErrorCode,
  isProviderError,
  type ProviderError,
} from "@parley/chat";
import { toFailureHead, toPublicMessage } from "@parley/chat/provider";
import { HTTPException } from "hono/http-exception";
import { type ErrorDetails, toErrorBody, toErrorResponse } from "./errors.ts";
import type { Lifetime } from "./lifetime.ts";

/** A failure as it is answered. */
export interface Failure {
  /** The status. */
  readonly status: number;
  /** What the client gets; nothing that the upstream said. */
  readonly error: ErrorDetails;
  /** More headers. */
  readonly headers: Readonly<Record<string, string>>;
}

/** What an error of a run is called at OpenAI. */
interface FailureKind {
  readonly code: string | null;
  readonly param?: string;
  /** Whether the same request fails again for certain. */
  readonly isFinal?: boolean;
}

const KINDS: Readonly<Record<ErrorCode, FailureKind>> = {
  "invalid-request": { code: null },
  "unknown-provider": { code: "model_not_found", param: "model" },
  "unknown-model": { code: "model_not_found", param: "model" },
  "unsupported": { code: "unsupported_value" },
  "context-length": { code: "context_length_exceeded", param: "messages" },
  "content-filter": { code: "content_policy_violation" },
  // The key of the gateway's owner was refused, not the one of its client.
  "authentication": { code: "upstream_authentication", isFinal: true },
  "not-found": { code: "upstream_not_found", isFinal: true },
  "conversation-expired": { code: "invalid_conversation" },
  "conflict": { code: "conflict" },
  "rate-limit": { code: "rate_limit_exceeded" },
  "upstream": { code: "upstream_error" },
  "bad-response": { code: "bad_response" },
  "incomplete": { code: "incomplete" },
  "invalid-output": { code: "invalid_output" },
  "network": { code: "network" },
  "timeout": { code: "timeout" },
  "too-large": { code: "too_large", isFinal: true },
  "unsafe-url": { code: "unsafe_url", isFinal: true },
  "bad-image": { code: "bad_image", isFinal: true },
};

const INTERNAL_ERROR: Failure = {
  status: 500,
  error: { message: "Internal error" },
  headers: {},
};

/** What nobody reads any more. */
const CLIENT_LEFT: Failure = {
  status: 499,
  error: { message: "Client left", code: "client_closed_request" },
  headers: {},
};

/** What to do about what the upstream said in words that are left out. */
const HINTS: Readonly<Partial<Record<ErrorCode, string>>> = {
  "unknown-model": ": GET /v1/models lists those that are known",
  "context-length": ": the messages are too long for the model",
};

function toHint({ code, status }: ProviderError): string {
  return status === undefined ? "" : HINTS[code] ?? "";
}

/** A field of a request, as upstreams name it. */
const PARAM = /^[\w.[\]-]{1,64}$/;

/** How the library says that messages do not go together. */
const MESSAGES = /: messages\[\d+\]/;

function findParam(
  { code, message, param }: ProviderError,
): string | undefined {
  if (param !== undefined && PARAM.test(param)) return param;
  const isAboutMessages = code === "invalid-request" && MESSAGES.test(message);
  return isAboutMessages ? "messages" : KINDS[code].param;
}

/** Whether the run has tried it again itself: three times three are nine. */
function wasRetried({ attempts = [] }: ProviderError): boolean {
  return attempts.length > 1;
}

/**
 * Says what to answer where a run failed.
 *
 * @param error What was thrown. Nothing of it is shown, unless it is a
 * {@linkcode ProviderError}.
 * @param isExhausted Whether every provider that could answer has been tried.
 * @returns The status, the error and headers.
 */
export function toFailure(error: unknown, isExhausted = false): Failure {
  if (!isProviderError(error)) return INTERNAL_ERROR;
  const { status, headers } = toFailureHead(error);
  const { code, isFinal = false } = KINDS[error.code];
  const param = findParam(error);
  return {
    status,
    error: { message: toPublicMessage(error) + toHint(error), code, param },
    headers: {
      ...headers,
      ...((isExhausted || isFinal || wasRetried(error)) &&
        { "x-should-retry": "false" }),
    },
  };
}

/**
 * Says what to answer where a run failed, and records it for the log.
 *
 * @param error What was thrown.
 * @param lifetime The request.
 * @param isExhausted Whether every provider that could answer has been tried.
 * @returns The status, the error and headers.
 */
export function recordFailure(
  error: unknown,
  lifetime: Lifetime,
  isExhausted = false,
): Failure {
  lifetime.fail();
  if (lifetime.signal.aborted) return CLIENT_LEFT;
  const failure = toFailure(error, isExhausted);
  // As the client is told: not every error has a code at OpenAI.
  const { code, type } = toErrorBody(failure.status, failure.error).error;
  lifetime.details.code = code ?? type;
  if (isProviderError(error)) {
    lifetime.details.attempts = error.attempts;
  }
  return failure;
}

/**
 * Makes the answer where a run failed before anything was sent.
 *
 * @param error What was thrown.
 * @param lifetime The request.
 * @param isExhausted Whether every provider that could answer has been tried.
 * @returns The response.
 */
export function toFailureResponse(
  error: unknown,
  lifetime: Lifetime,
  isExhausted = false,
): Response {
  const failure = recordFailure(error, lifetime, isExhausted);
  return toErrorResponse(failure.status, failure.error, failure.headers);
}

/** A request that is refused before any run: Hono answers with its response. */
export class Refusal extends HTTPException {
  declare readonly status: 400 | 422 | 503;
  /** What the client gets. */
  readonly details: ErrorDetails;

  /**
   * Makes an exception, to be thrown.
   *
   * @param status The status.
   * @param details What the client gets: nothing that the request holds.
   */
  constructor(status: Refusal["status"], details: ErrorDetails) {
    super(status, { res: toErrorResponse(status, details) });
    this.details = details;
  }
}
