/**
 * The headers of one request of a run.
 *
 * @module
 */

import { mergeCookies } from "./cookies.ts";
import type { UpstreamBody, UpstreamRequest } from "../chat/exchange.ts";
import { isHeaderValue, isToken } from "./headers.ts";
import type { ProviderConfig } from "./provider_config.ts";
import { addSecret, type Redactor } from "./redactor.ts";
import type { Scope } from "./scope.ts";

/** Headers of a provider that say nothing of anybody. */
const PUBLIC_HEADER =
  /^(?:accept(?:-[a-z]+)?|content-type|origin|referer|user-agent|sec-[a-z-]+)$/i;

/** The header of the key, where the provider names no other. */
function toKeyHeader(
  { apiKey, keyHeader }: ProviderConfig,
): Readonly<Record<string, string>> {
  if (apiKey === undefined) return {};
  return keyHeader === undefined
    ? { authorization: `Bearer ${apiKey}` }
    : { [keyHeader]: apiKey };
}

/** Keeps the value of a header out of errors. */
function addValue(name: string, value: string, redactor: Redactor): void {
  if (PUBLIC_HEADER.test(name)) return;
  // A scheme is no secret.
  const scheme = /^authorization$/i.test(name) ? /^\w+(?: |$)/ : "";
  addSecret(redactor, value.trim().replace(scheme, ""));
}

/**
 * Makes the headers of a request: those of the provider, and those of the caller
 * over them. What they hold is kept out of errors, but for a few headers of the
 * provider's that are the same for everybody.
 *
 * @param request What is to be sent.
 * @param scope The run.
 * @returns `Headers`, but for a `fetch` that is the platform's.
 * @throws {TypeError} If the provider's cannot be sent.
 */
export function toRequestHeaders(
  request: UpstreamRequest & UpstreamBody,
  { config, headers: runHeaders, redactor }: Scope,
): HeadersInit {
  const provided: Record<string, string> = {
    accept: "*/*",
    ...(request.json !== undefined && { "content-type": "application/json" }),
    ...request.headers,
    ...toKeyHeader(config),
  };
  // Deno's `fetch` takes six times as long to read `Headers` as a plain object,
  // and nobody else sees what it is given.
  let isPlain = config.fetch === globalThis.fetch;
  // Names that differ in letter case only are the same; one may be `__proto__`.
  const headers: Record<string, string> = Object.create(null);
  for (const name of Object.keys(provided)) {
    const value = provided[name] ?? "";
    headers[name.toLowerCase()] = value;
    isPlain &&= isToken(name) && isHeaderValue(value);
    addValue(name, value, redactor);
  }
  for (const [given, value] of [...config.headers, ...runHeaders]) {
    const name = given.toLowerCase();
    addSecret(redactor, value);
    addValue(name, value, redactor);
    // A session of the caller's does not take away that of the conversation,
    // unless it is another one of the same site.
    const cookies = name === "cookie" ? headers.cookie : undefined;
    headers[name] = cookies === undefined
      ? value
      : mergeCookies(cookies, value);
  }
  // They refuse what cannot be sent.
  return isPlain ? headers : new Headers(headers);
}
