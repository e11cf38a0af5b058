/**
 * The headers of every answer.
 *
 * @module
 */

import type { MiddlewareHandler } from "hono";
import { secureHeaders } from "hono/secure-headers";
import type { GatewayEnvironment } from "./gateway_environment.ts";

/**
 * Sets the headers that every answer has: its id, that nobody may store it, and
 * what a browser may not do with it. A handler may set a
 * `content-security-policy` of its own.
 *
 * @param randomUuid Makes an id, where the caller has sent none that is a token
 * of at most 64 characters.
 * @returns The middleware.
 */
export function setHeaders(
  randomUuid: () => string,
): MiddlewareHandler<GatewayEnvironment> {
  const secure = secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      frameAncestors: ["'none'"],
    },
    xFrameOptions: "DENY",
    // It would speak for every other server of the domain.
    strictTransportSecurity: false,
    // They mean nothing for data, or to browsers of today, and cost: the server
    // of `@hono/node-server` takes a time that grows with their square.
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
    xDnsPrefetchControl: false,
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
    overwrite: false,
  });
  return async (context, next) => {
    const sent = context.req.header("x-request-id") ?? "";
    const requestId = /^[\w.-]{1,64}$/.test(sent) ? sent : randomUuid();
    context.set("requestId", requestId);
    await secure(context, next);
    // Hono's own would be lost where a handler makes its response by itself.
    const { headers } = context.res;
    headers.set("x-request-id", requestId);
    if (!headers.has("cache-control")) headers.set("cache-control", "no-store");
  };
}
