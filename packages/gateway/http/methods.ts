/**
 * What is answered where there is nothing.
 *
 * @module
 */

import type { Hono, MiddlewareHandler } from "hono";
import { methodNotAllowed } from "hono/method-not-allowed";
import { toErrorResponse } from "./errors.ts";
import type { GatewayEnvironment } from "./gateway_environment.ts";

/** Answers a request for a path that there is not. */
export function answerUnknownPath(): Response {
  return toErrorResponse(404, { message: "Unknown URL", code: "unknown_url" });
}

/**
 * Answers a request with a method that its path does not have, and `OPTIONS`.
 *
 * @param app The application, whose routes say what each path has.
 * @returns The middleware.
 */
export function answerOtherMethods(
  app: Hono<GatewayEnvironment>,
): MiddlewareHandler<GatewayEnvironment> {
  return methodNotAllowed({
    app,
    onMethodNotAllowed(context, methods) {
      const headers = { allow: [...methods, "OPTIONS"].join(", ") };
      if (context.req.method === "OPTIONS") {
        return new Response(null, { status: 204, headers });
      }
      return toErrorResponse(405, {
        message: "Method is not allowed for this URL",
        code: "method_not_supported",
      }, headers);
    },
  });
}
