/**
 * Errors in the shape of OpenAI's.
 *
 * @module
 */

/** What an error says. */
export interface ErrorDetails {
  /** A sentence for people. */
  readonly message: string;
  /**
   * What kind of error it is.
   *
   * @default {what OpenAI sends with the status}
   */
  readonly type?: string | undefined;
  /**
   * What a program knows the error by.
   *
   * @default {null}
   */
  readonly code?: string | null | undefined;
  /**
   * The field of the request that is wrong.
   *
   * @default {null}
   */
  readonly param?: string | null | undefined;
}

/**
 * The type that OpenAI sends with a status. A wrong key is an invalid request
 * there, and a rate limit names what is counted.
 */
function toErrorType(status: number): string {
  if (status >= 500) return "server_error";
  return status === 429 ? "requests" : "invalid_request_error";
}

/**
 * Makes the body of an error.
 *
 * @param status The status that it is sent with.
 * @param error What it says.
 * @returns Plain JSON.
 */
export function toErrorBody(
  status: number,
  { message, type = toErrorType(status), code = null, param = null }:
    ErrorDetails,
): {
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly param: string | null;
    readonly code: string | null;
  };
} {
  return { error: { message, type, param, code } };
}

/**
 * Makes an answer that is an error.
 *
 * @param status The status.
 * @param error What it says.
 * @param headers More headers.
 * @returns The response.
 */
export function toErrorResponse(
  status: number,
  error: ErrorDetails,
  headers?: HeadersInit,
): Response {
  return Response.json(toErrorBody(status, error), { status, headers });
}
