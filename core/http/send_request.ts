/**
 * One request of a run.
 *
 * @module
 */

import type {
  UpstreamBody,
  UpstreamRequest,
  UpstreamResponse,
} from "../chat/exchange.ts";
import { ProviderError } from "../chat/errors.ts";
import {
  cancelBody,
  fetchOnce,
  isRedirect,
  MAX_REDIRECTS,
} from "./fetch_once.ts";
import { HttpResponse } from "./http_response.ts";
import { invalidRequest } from "../chat/options.ts";
import type { ProviderConfig } from "./provider_config.ts";
import { toRequestHeaders } from "./request_headers.ts";
import type { Scope } from "./scope.ts";
import { NEEDS_HTTPS, toStatusError } from "./status.ts";

/** What a request may ask for. */
export type Method = "GET" | "POST" | "PATCH" | "DELETE";

/** Paths of pages where users log in. */
const LOGIN = /\/(?:log-?in|sign-?in|o?auth2?)(?:\/|$)/i;

/**
 * Joins a path to a base URL, which may have a path and a query of its own.
 *
 * @param config The base URL, without a slash at its end, and its query.
 * @param path The path, with a leading slash; may have a query, which wins over
 * that of the base URL.
 * @throws {ProviderError} If the path leads elsewhere, with code
 * `invalid-request`.
 */
export function joinUrl(
  { baseUrl, query }: Pick<ProviderConfig, "baseUrl" | "query">,
  path: string,
): URL {
  // Without its slash a path could go on with the host name.
  const url = path.startsWith("/") ? new URL(baseUrl + path) : undefined;
  if (!url?.href.startsWith(`${baseUrl}/`)) {
    throw invalidRequest("Path does not stay below the base URL");
  }
  const added = query.filter(([name]) => !url.searchParams.has(name));
  for (const [name, value] of added) url.searchParams.append(name, value);
  return url;
}

/** Says which origin a redirect leads to; its name is the server's to choose. */
function toTarget(from: URL, to: URL): string {
  return from.protocol === "http:" && to.protocol === "https:" &&
      from.hostname === to.hostname
    ? NEEDS_HTTPS
    : "another origin";
}

/** Finds where a redirect leads; nowhere but to the same origin. */
function toRedirectUrl(response: Response, from: URL): URL | undefined {
  if (!isRedirect(response)) return undefined;
  const { status, headers } = response;
  const location = headers.get("location") ?? "";
  if (!URL.canParse(location, from)) return undefined;
  const url = new URL(location, from);
  const isLogin = LOGIN.test(url.pathname);
  if (!isLogin && url.origin === from.origin) return url;
  cancelBody(response);
  throw new ProviderError(
    `Redirect leads to ${isLogin ? "a login" : toTarget(from, url)}`,
    { code: isLogin ? "authentication" : "bad-response", status },
  );
}

/** Sends one request and follows what may be followed. */
async function fetchResponse(
  method: Method,
  url: URL,
  request: UpstreamRequest & UpstreamBody,
  scope: Scope,
): Promise<Response> {
  const init: RequestInit = {
    method,
    headers: toRequestHeaders(request, scope),
    body: request.form ??
      (request.json === undefined ? null : JSON.stringify(request.json)),
  };
  const retryable = mayRepeat(request);
  let target = url;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const response = await fetchOnce(target, init, retryable, scope);
    const next = toRedirectUrl(response, target);
    // Other redirects would turn a POST into a GET.
    if (next === undefined || (method !== "GET" && response.status < 307)) {
      return response;
    }
    cancelBody(response);
    target = next;
  }
  throw new ProviderError("Redirects do not end", { code: "bad-response" });
}

/**
 * Whether a request may be sent again where it fails: with a status, or without
 * a whole response.
 */
function mayRepeat({ retryStatuses }: UpstreamRequest, status = 0): boolean {
  return retryStatuses?.includes(status) ?? true;
}

/** Sends a request and checks the status of its response. */
async function fetchGood(
  method: Method,
  path: string,
  request: UpstreamRequest & UpstreamBody,
  scope: Scope,
): Promise<Response> {
  const { config, clocks } = scope;
  const url = joinUrl(config, path);
  const stopClock = request.collected ? () => {} : clocks.start("headers");
  let response: Response;
  try {
    response = await fetchResponse(method, url, request, scope);
  } finally {
    stopClock();
  }
  if (response.ok) return response;
  const retryable = mayRepeat(request, response.status);
  throw await toStatusError(response, { url, scope, retryable });
}

/**
 * Sends a request of a run and checks the status of its response.
 *
 * @param method The HTTP method.
 * @param path The path below the base URL.
 * @param request What to send.
 * @param scope What the requests of the run share.
 * @returns A response whose status is good and whose body is no page.
 */
export async function sendRequest(
  method: Method,
  path: string,
  request: UpstreamRequest & UpstreamBody,
  scope: Scope,
): Promise<UpstreamResponse> {
  const response = await fetchGood(method, path, request, scope);
  const { status, body } = response;
  if (body === null || status === 204 || status === 205) {
    throw new ProviderError("Response is empty", {
      code: "bad-response",
      status,
    });
  }
  return new HttpResponse(response, body, {
    scope,
    retryable: mayRepeat(request),
  });
}

/**
 * Sends a request of a run whose response says no more than its status.
 *
 * @param method The HTTP method.
 * @param path The path below the base URL.
 * @param request What to send.
 * @param scope What the requests of the run share.
 */
export async function sendForStatus(
  method: Method,
  path: string,
  request: UpstreamRequest & UpstreamBody,
  scope: Scope,
): Promise<void> {
  cancelBody(await fetchGood(method, path, request, scope));
}
