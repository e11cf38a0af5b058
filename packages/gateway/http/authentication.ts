/**
 * Who may ask.
 *
 * @module
 */

import type { MiddlewareHandler } from "hono";
import { bearerAuth } from "hono/bearer-auth";
import { toErrorResponse } from "./errors.ts";
import type { GatewayEnvironment } from "./gateway_environment.ts";
import { toHex } from "./to_hex.ts";
import { invalidOptions } from "../options/gateway_options.ts";

/** Options for {@linkcode authenticate}. */
export interface AuthenticationOptions {
  /**
   * The keys that open the gateway.
   *
   * @default {[]}
   */
  readonly apiKeys?: readonly string[] | undefined;
  /**
   * Whether a request without a key is answered, too.
   *
   * @default {false}
   */
  readonly allowAnonymous?: boolean | undefined;
}

/** A key that is known, by its hash. */
interface KnownKey {
  readonly hash: Uint8Array;
  readonly id: string;
}

/** Stands for the key of a request that has none. */
const ANONYMOUS = "anonymous";

async function toHash(text: string): Promise<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

async function toKnownKey(apiKey: string): Promise<KnownKey> {
  const hash = await toHash(apiKey);
  return { hash, id: toHex(hash.subarray(0, 6)) };
}

/** Compares hashes in a time that does not depend on where they differ. */
function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length;
  for (let index = 0; index < a.length; index++) {
    difference |= (a[index] ?? 0) ^ (b[index] ?? 0);
  }
  return difference === 0;
}

/**
 * Makes what finds a key among those that are known. Each one is compared, by
 * its hash; one that was let in is known again at once, as the hash takes longer
 * than all else that is done before an answer is asked for.
 */
function createKeyFinder(
  apiKeys: readonly string[],
): (apiKey: string) => Promise<KnownKey | undefined> {
  const letIn = new Map<string, KnownKey>();
  let knownKeys: Promise<readonly KnownKey[]> | undefined;
  return async (apiKey) => {
    const again = letIn.get(apiKey);
    if (again !== undefined) return again;
    // Not before: what waits for nobody would outlive who made the gateway.
    knownKeys ??= Promise.all(apiKeys.map(toKnownKey));
    const known = await knownKeys;
    const hash = await toHash(apiKey);
    const [key] = known.filter((known) => isEqual(known.hash, hash));
    if (key !== undefined) letIn.set(apiKey, key);
    return key;
  };
}

function refuse(message: string): () => Response {
  return () => toErrorResponse(401, { message, code: "invalid_api_key" });
}

function checkApiKeys(apiKeys: readonly string[]): void {
  for (const apiKey of apiKeys) {
    // What a bearer token cannot be would never be let in.
    if (!/^[\w.~+/-]+=*$/.test(apiKey)) {
      throw invalidOptions(
        'Option "apiKeys" has a key that is empty or has other characters than a bearer token',
      );
    }
  }
}

/**
 * Lets in who has a key, and gives the rest of the gateway an id in its place.
 *
 * Without any key configured the gateway is closed, not open; `/healthz` alone
 * is always open. The body of a request that is refused is not read.
 *
 * @param options The keys.
 * @returns The middleware.
 * @throws {ProviderError} If a key can be no bearer token, with code
 * `invalid-request`.
 */
export function authenticate(
  { apiKeys = [], allowAnonymous = false }: AuthenticationOptions,
): MiddlewareHandler<GatewayEnvironment> {
  checkApiKeys(apiKeys);
  const findKey = createKeyFinder(apiKeys);
  const challenge = 'Bearer realm="gateway"';
  const wrongKey = {
    wwwAuthenticateHeader: `${challenge}, error="invalid_token"`,
    message: refuse("Incorrect API key"),
  };
  const askForKey = bearerAuth<GatewayEnvironment>({
    async verifyToken(token, context) {
      // Hono would skip more than one space.
      if (/\s\s/.test(context.req.header("authorization") ?? "")) return false;
      const key = await findKey(token);
      if (key !== undefined) context.set("keyId", key.id);
      return key !== undefined;
    },
    noAuthenticationHeader: {
      wwwAuthenticateHeader: challenge,
      message: refuse(
        "No API key: send one in the header `authorization: Bearer <key>`",
      ),
    },
    invalidAuthenticationHeader: {
      ...wrongKey,
      message: refuse("API key is not sent as `authorization: Bearer <key>`"),
    },
    invalidToken: wrongKey,
  });

  return async (context, next) => {
    const { method, path } = context.req;
    if (path === "/healthz") return await next();
    if (apiKeys.length === 0 && !allowAnonymous) {
      return toErrorResponse(
        503,
        { message: "No API key is configured", code: "not_configured" },
        { "x-should-retry": "false" },
      );
    }
    if (method === "OPTIONS") return await next();
    const hasKey = context.req.header("authorization") !== undefined;
    if (apiKeys.length === 0 || (allowAnonymous && !hasKey)) {
      context.set("keyId", ANONYMOUS);
      return await next();
    }
    return await askForKey(context, next);
  };
}
