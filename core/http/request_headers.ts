/**
 * The headers of one request of a run.
 *
 * @module
 */

import { mergeCookies } from "./cookies.ts";
import type { UpstreamBody, UpstreamRequest } from "../chat/exchange.ts";
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

/** Keeps the value of a header out of errors, also where it is in parts. */
function addSecrets(name: string, value: string, redactor: Redactor): void {
  if (PUBLIC_HEADER.test(name)) return;
  // A scheme and the names of cookies are no secrets.
  const scheme = /^authorization$/i.test(name) ? /^\w+(?: |$)/ : "";
  for (const part of value.trim().replace(scheme, "").split("; ")) {
    addSecret(redactor, part);
    addSecret(redactor, part.slice(part.indexOf("=") + 1));
  }
}

/**
 * Makes the headers of a request: those of the provider, and those of the caller
 * over them. What they hold is kept out of errors, but for a few headers of the
 * provider's that are the same for everybody.
 *
 * @param request What is to be sent.
 * @param scope The run.
 */
export function toRequestHeaders(
  request: UpstreamRequest & UpstreamBody,
  { config, headers: runHeaders, redactor }: Scope,
): Headers {
  const provided = {
    accept: "*/*",
    ...(request.json !== undefined && { "content-type": "application/json" }),
    ...request.headers,
    ...toKeyHeader(config),
  };
  const headers = new Headers();
  // Set one by one: names that differ in letter case only are the same.
  for (const [name, value] of Object.entries(provided)) {
    headers.set(name, value);
    addSecrets(name, value, redactor);
  }
  for (const [name, value] of [...config.headers, ...runHeaders]) {
    addSecret(redactor, value);
    addSecrets(name, value, redactor);
    // A session of the caller's does not take away that of the conversation,
    // unless it is another one of the same site.
    const cookies = name.toLowerCase() === "cookie" ? headers.get(name) : null;
    headers.set(name, cookies === null ? value : mergeCookies(cookies, value));
  }
  return headers;
}
