/**
 * One request and nothing that follows from it.
 *
 * @module
 */

import { abortable } from "./abortable.ts";
import { ProviderError } from "./errors.ts";
import type { Scope } from "./scope.ts";

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
 * Whether a response leads elsewhere and does not tell where: browsers show no
 * redirect to a program that wants to check it first.
 *
 * @param response The response.
 */
export function isHiddenRedirect({ type }: Response): boolean {
  return type === "opaqueredirect";
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
 * @throws {ProviderError} If there is no response, with code `network`.
 */
export async function fetchOnce(
  url: URL,
  init: RequestInit,
  retryable: boolean,
  { transport, signal, redactor }: Scope,
): Promise<Response> {
  try {
    const response = transport.send(url, { ...init, signal });
    return await abortable(response, signal, cancelBody);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ProviderError) throw error;
    // Deno says so where a program has no permission; it will not get it later.
    const isDenied = error instanceof Error && error.name === "NotCapable";
    throw new ProviderError(
      `Request failed: ${init.method ?? "GET"} ${url.origin}${url.pathname}${
        isDenied ? ", which needs the permission --allow-net" : ""
      }`,
      {
        code: "network",
        retryable: retryable && !isDenied,
        cause: redactor.cleanCause(error),
      },
    );
  }
}
