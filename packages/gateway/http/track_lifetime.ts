/**
 * Watches each request until its answer is over, or its client leaves.
 *
 * @module
 */

import type { MiddlewareHandler } from "hono";
import { toBodySource } from "./body_source.ts";
import type { GatewayEnvironment } from "./gateway_environment.ts";
import { handleError } from "./handle_error.ts";
import { type LifetimeOptions, RequestLifetime } from "./request_lifetime.ts";

/** Whether an answer comes in pieces. */
function isStream({ headers }: Response): boolean {
  return headers.has("content-length") ||
    headers.get("content-type")?.startsWith("text/event-stream") === true;
}

/**
 * Gives every request a lifetime. It comes before all other middleware.
 *
 * An answer that comes in pieces, as events or with a length that was sent, is
 * over when its last piece was taken, or no piece for long; any other is whole
 * when it is handed over.
 *
 * @param options For how long a client may take nothing.
 * @returns The middleware.
 */
export function trackLifetime(
  options: LifetimeOptions,
): MiddlewareHandler<GatewayEnvironment> {
  return async (context, next) => {
    const lifetime = new RequestLifetime(context.req.raw, options);
    context.set("lifetime", lifetime);
    try {
      await next();
    } catch (error) {
      // Hono hands on what is thrown and is no `Error`.
      context.res = handleError(error);
    }
    const { res } = context;
    lifetime.status = res.status;
    if (lifetime.isSending) return;
    // To look at a body makes a stream of it, which costs more than to send it;
    // and nobody takes that of an answer to `HEAD`.
    const isSent = context.req.method !== "HEAD" && isStream(res);
    const body = isSent ? res.body : null;
    if (body === null) return lifetime.end("complete");
    // Hono would merge the two otherwise.
    context.res = undefined;
    context.res = new Response(lifetime.send(toBodySource(body)), res);
  };
}
