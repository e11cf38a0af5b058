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
import { createHttpResponse, toMediaType } from "./http_response.ts";
import { invalidRequest } from "../chat/options.ts";
import type { Scope } from "./scope.ts";
import { isString } from "../streams/values.ts";
import { toStatusError } from "./status.ts";

/** Headers whose values are secrets, beside all those of callers. */
const SECRET_HEADERS = ["authorization", "cookie"];

/** Long base64, which hides what it says from people only. */
const BASE64 = /^[A-Za-z0-9+/]{40,}={0,2}$/;

/** Paths of pages where users log in. */
const LOGIN = /\/(?:log-?in|sign-?in|o?auth2?)(?:\/|$)/i;

/**
 * Joins a path to a base URL, which may have a path of its own.
 *
 * @param baseUrl The base URL, without a slash at its end.
 * @param path The path, with a leading slash; may have a query.
 * @throws {ProviderError} If the path leads elsewhere, with code
 * `invalid-request`.
 */
export function joinUrl(baseUrl: string, path: string): URL {
  // Without its slash a path could go on with the host name.
  if (path.startsWith("/")) {
    const url = new URL(baseUrl + path);
    if (url.href.startsWith(`${baseUrl}/`)) return url;
  }
  throw invalidRequest("Path does not stay below the base URL");
}

function toHeaders(
  request: UpstreamRequest & UpstreamBody,
  scope: Scope,
): Headers {
  const { config, redactor } = scope;
  const own = {
    accept: "*/*",
    ...(request.json !== undefined && { "content-type": "application/json" }),
    ...request.headers,
    ...(config.apiKey && { authorization: `Bearer ${config.apiKey}` }),
  };
  const headers = new Headers();
  // Set one by one: names that differ in letter case only are the same.
  for (const [name, value] of Object.entries(own)) headers.set(name, value);
  for (const [name, value] of [...config.headers, ...scope.headers]) {
    redactor.addSecret(value);
    // A session of the caller's does not take away that of the conversation.
    const own = name.toLowerCase() === "cookie" ? headers.get(name) : null;
    headers.set(name, own === null ? value : `${own}; ${value}`);
  }
  for (const name of SECRET_HEADERS) {
    const value = headers.get(name) ?? "";
    // A scheme and the names of cookies are no secrets.
    for (const part of value.replace(/^\w+ /, "").split("; ")) {
      redactor.addSecret(part);
      redactor.addSecret(part.slice(part.indexOf("=") + 1));
    }
  }
  return headers;
}

/** Finds where a redirect leads; nowhere but to the same origin. */
function toRedirectUrl(response: Response, from: URL): URL | undefined {
  const location = response.headers.get("location") ?? "";
  const { status } = response;
  if (!isRedirect(response) || !URL.canParse(location, from)) return undefined;
  const url = new URL(location, from);
  const isLogin = LOGIN.test(url.pathname);
  if (!isLogin && url.origin === from.origin) return url;
  cancelBody(response);
  throw new ProviderError(
    `Redirect leads to ${isLogin ? "a login" : "another origin"}`,
    { code: isLogin ? "authentication" : "bad-response", status },
  );
}

/** Sends one request and follows what may be followed. */
async function fetchResponse(
  method: "GET" | "POST",
  url: URL,
  request: UpstreamRequest & UpstreamBody,
  scope: Scope,
): Promise<Response> {
  const init: RequestInit = {
    method,
    headers: toHeaders(request, scope),
    body: request.form ??
      (request.json === undefined ? null : JSON.stringify(request.json)),
  };
  // An upstream may repeat what it was sent, in the form in which it came.
  for (const value of Object.values(request.json ?? {})) {
    if (isString(value) && BASE64.test(value)) scope.redactor.addPrompt(value);
  }
  const retryable = mayRepeat(request);
  let target = url;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const response = await fetchOnce(target, init, retryable, scope);
    const next = toRedirectUrl(response, target);
    // Other redirects would turn a POST into a GET.
    if (next === undefined || (method === "POST" && response.status < 307)) {
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

async function toResponse(
  response: Response,
  url: URL,
  request: UpstreamRequest,
  scope: Scope,
): Promise<UpstreamResponse> {
  const { status, headers, body } = response;
  if (!response.ok) {
    const retryable = mayRepeat(request, status);
    throw await toStatusError(response, { url, scope, retryable });
  }
  if (body === null || status === 204 || status === 205) {
    throw new ProviderError("Response is empty", {
      code: "bad-response",
      status,
    });
  }
  if (toMediaType(headers) === "text/html") {
    cancelBody(response);
    throw new ProviderError(
      "Response is a page: the server may be asleep, or want a login",
      { code: "bad-response", status },
    );
  }
  return createHttpResponse(response, body, {
    scope,
    retryable: mayRepeat(request),
  });
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
  method: "GET" | "POST",
  path: string,
  request: UpstreamRequest & UpstreamBody,
  scope: Scope,
): Promise<UpstreamResponse> {
  const { config, clocks } = scope;
  const url = joinUrl(config.baseUrl, path);
  const stopClock = request.collected ? () => {} : clocks.startHeaders();
  const response = await fetchResponse(method, url, request, scope)
    .finally(stopClock);
  return await toResponse(response, url, request, scope);
}
