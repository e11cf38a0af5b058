/**
 * What becomes of an error that nobody expected.
 *
 * @module
 */

import { HTTPException } from "hono/http-exception";
import { toErrorResponse } from "./errors.ts";

/**
 * Makes the answer to a request whose handling failed. It shows nothing of the
 * error, which may hold anything; what a middleware throws as an answer is
 * that answer.
 *
 * @param error What was thrown.
 * @returns The response.
 */
export function handleError(error: unknown): Response {
  if (error instanceof HTTPException && error.res) return error.getResponse();
  return toErrorResponse(500, { message: "Internal error" });
}
