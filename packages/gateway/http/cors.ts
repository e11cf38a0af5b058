/**
 * Which pages of other origins may ask.
 *
 * @module
 */

import type { MiddlewareHandler } from "hono";
import { cors } from "hono/cors";
import type { GatewayEnvironment } from "./gateway_environment.ts";
import { passOn } from "./pass_on.ts";
import { invalidOptions } from "../options/gateway_options.ts";

/** What a page of another origin may read of an answer. */
const EXPOSED_HEADERS = [
  "retry-after",
  "retry-after-ms",
  "x-conversation",
  "x-ratelimit-limit-requests",
  "x-ratelimit-remaining-requests",
  "x-ratelimit-reset-requests",
  "x-request-id",
  "x-should-retry",
];

function isOrigin(text: string): boolean {
  return /^https?:[^*]+$/.test(text) && URL.canParse(text) &&
    new URL(text).origin === text;
}

/**
 * Lets pages of certain origins ask. Without any there is no such permission,
 * and never for all: a key would be anybody's to use.
 *
 * @param origins The origins, such as `https://chat.example`.
 * @returns The middleware.
 * @throws {ProviderError} If one is no origin, such as `*` or one with a path,
 * with code `invalid-request`.
 */
export function allowOrigins(
  origins: readonly string[],
): MiddlewareHandler<GatewayEnvironment> {
  const wrong = origins.find((origin) => !isOrigin(origin));
  if (wrong !== undefined) {
    throw invalidOptions(
      `Option "origins" has "${wrong}", which is no origin such as "https://chat.example"`,
    );
  }
  if (origins.length === 0) return passOn;
  return cors({
    origin: [...origins],
    allowMethods: ["GET", "POST"],
    exposeHeaders: EXPOSED_HEADERS,
    maxAge: 600,
  });
}
