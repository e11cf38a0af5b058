/**
 * Downloads a picture from a place that an upstream named.
 *
 * @module
 */

import { createBodyReader } from "../streams/body_reader.ts";
import { BROWSER } from "./browser.ts";
import {
  cancelBody,
  fetchOnce,
  isRedirect,
  MAX_REDIRECTS,
} from "./fetch_once.ts";
import { refuseImage, tooLargeImage } from "./image_errors.ts";
import { findNetworkCause } from "./network_cause.ts";
import { toSafeUrl } from "./safe_url.ts";
import type { Scope } from "./scope.ts";

/** Asks each hop anew, with nothing of the caller's, after it was checked. */
async function fetchImage(text: string, scope: Scope): Promise<Response> {
  const { allowPrivateUrls } = scope.config;
  const init: RequestInit = {
    headers: { accept: "image/*", "user-agent": BROWSER["user-agent"] },
    // A browser would send its cookies; some runtimes refuse the option.
    ...("credentials" in Request.prototype && { credentials: "omit" }),
  };
  let url = toSafeUrl(text, undefined, allowPrivateUrls);
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const response = await fetchOnce(url, init, false, scope);
    if (!isRedirect(response)) return response;
    cancelBody(response);
    const location = response.headers.get("location") ?? "";
    url = toSafeUrl(location, url, allowPrivateUrls);
  }
  throw refuseImage("its redirects do not end");
}

/**
 * Downloads a picture: only from public `http(s):` places, without keys and
 * cookies, and only so many bytes. What the bytes are is not looked at.
 *
 * @param url Where it is.
 * @param scope The run, or what stands for one.
 * @throws {ProviderError} If a place must not be asked, with code `unsafe-url`;
 * if there is nothing, with code `bad-image`; or `network` or `too-large`.
 */
export async function download(
  url: string,
  scope: Scope,
): Promise<Uint8Array<ArrayBuffer>> {
  const { clocks, config, signal } = scope;
  const limit = config.limits.imageBytes;
  const stopClock = clocks.start("headers");
  const response = await fetchImage(url, scope).finally(stopClock);
  const { status, body, headers } = response;
  const reader = body === null ? undefined : createBodyReader(body, {
    signal,
    clock: config.clock,
    toError: (error) =>
      refuseImage(findNetworkCause(error)?.words ?? "the connection broke off"),
  });
  try {
    if (!response.ok) {
      const isGone = [403, 404, 410].includes(status);
      throw refuseImage(
        `status is ${status}${isGone ? ", the link may have expired" : ""}`,
        status,
      );
    }
    const toLimitError = () => tooLargeImage(limit);
    // The length on the wire is less than that of packed bytes, never more.
    if (Number(headers.get("content-length")) > limit) throw toLimitError();
    return await reader?.readAll(limit, {
      onPiece: () => clocks.progress(),
      toLimitError,
    }) ?? new Uint8Array();
  } finally {
    reader?.cancel();
  }
}
