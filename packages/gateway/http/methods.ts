/**
 * What is answered where there is nothing.
 *
 * @module
 */

import type { Hono, MiddlewareHandler, NotFoundHandler } from "hono";
import { methodNotAllowed } from "hono/method-not-allowed";
import { toErrorResponse } from "./errors.ts";
import type { GatewayEnvironment } from "./gateway_environment.ts";

/** How much of a path is shown. */
const MAX_PATH = 200;

/** Finds the path that a client means which joins it with the wrong base URL. */
function findPath(
  { routes }: Hono<GatewayEnvironment>,
  wrong: string,
): string | undefined {
  return routes.map(({ path }) => path).find((path) =>
    path.startsWith("/v1/") && wrong.endsWith(path.slice("/v1".length))
  );
}

/**
 * Answers a request for a path that there is not.
 *
 * @param app The application, whose routes say which paths there are.
 * @returns The handler.
 */
export function answerUnknownPath(
  app: Hono<GatewayEnvironment>,
): NotFoundHandler<GatewayEnvironment> {
  return ({ req: { method, path } }) => {
    const meant = findPath(app, path);
    const hint = meant === undefined ? "" : `: it is ${meant}`;
    return toErrorResponse(404, {
      message: `Unknown URL (${method} ${path.slice(0, MAX_PATH)})${hint}`,
      code: "unknown_url",
    });
  };
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
        message: `Method is not allowed for this URL: it takes ${
          methods.join(" and ")
        }`,
        code: "method_not_supported",
      }, headers);
    },
  });
}
