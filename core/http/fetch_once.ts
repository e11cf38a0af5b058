/**
 * One request and nothing that follows from it.
 *
 * @module
 */

import { abortable } from "../streams/abortable.ts";
import { isProviderError, ProviderError } from "../chat/errors.ts";
import { findNetworkCause } from "./network_cause.ts";
import type { Scope } from "./scope.ts";
import { cleanCause, cleanText } from "./redactor.ts";

/** Redirects that are followed one after another. */
export const MAX_REDIRECTS = 5;

/**
 * Whether a response leads elsewhere.
 *
 * @param response The response.
 */
export function isRedirect({ status, headers }: Response): boolean {
  return [301, 302, 303, 307, 308].includes(status) && headers.has("location");
}

/**
 * Lets go of a response that nobody reads.
 *
 * @param response The response.
 */
export function cancelBody(response: Response): void {
  void response.body?.cancel().catch(() => {});
}

/**
 * Sends a request.
 *
 * @param url Where to.
 * @param init As for `fetch`.
 * @param retryable Whether it may be sent again where it fails.
 * @param scope What the requests of the run share.
 * @throws {ProviderError} If there is no response, with code `network`; if a
 * browser hides where it leads, with code `bad-response`.
 */
export async function fetchOnce(
  url: URL,
  init: RequestInit,
  retryable: boolean,
  { config, transport, signal, redactor }: Scope,
): Promise<Response> {
  try {
    const sent = transport.send(url, { ...init, signal });
    const response = await abortable(sent, signal, cancelBody);
    if (response.type !== "opaqueredirect") return response;
    throw new ProviderError("Redirect cannot be followed in a browser", {
      code: "bad-response",
    });
  } catch (error) {
    signal.throwIfAborted();
    if (isProviderError(error)) throw error;
    // A path may repeat the prompt.
    const place = cleanText(redactor, url.origin + url.pathname);
    const cause = findNetworkCause(error);
    const way = config.proxy === undefined ? "" : "through the proxy, ";
    throw new ProviderError(
      `Request failed: ${init.method ?? "GET"} ${place}${
        cause ? `: ${way}${cause.words}` : ""
      }`,
      {
        code: "network",
        retryable: retryable && (cause?.retryable ?? true),
        cause: cleanCause(redactor, error),
      },
    );
  }
}
