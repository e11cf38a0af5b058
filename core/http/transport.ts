/**
 * The way of requests to the network.
 *
 * @module
 */

import { ProviderError } from "../chat/errors.ts";

/** A proxy with its password taken out of its URL. */
export interface ProxySettings {
  /** The URL, without user name and password. */
  readonly url: string;
  /** What the proxy asks for. */
  readonly basicAuth?: { readonly username: string; readonly password: string };
}

/** The part of Deno that is used where there is a proxy. */
interface HttpClient {
  close(): void;
}
interface DenoNamespace {
  createHttpClient?(options: { readonly proxy: ProxySettings }): HttpClient;
}

/** Sends requests, through a proxy where there is one. */
export interface Transport {
  /**
   * Sends a request. Redirects are not followed: each has to be checked first.
   *
   * @param url Where to.
   * @param init As for `fetch`.
   * @throws {ProviderError} If there is a proxy that the runtime cannot use, with
   * code `unsupported`.
   */
  send(url: URL, init: RequestInit): Promise<Response>;
  /** Lets go of the proxy. */
  close(): void;
}

function connect(proxy: ProxySettings): HttpClient {
  const { Deno } = globalThis as { Deno?: DenoNamespace };
  if (Deno?.createHttpClient === undefined) {
    throw new ProviderError(
      'Option "proxy" does not work in this runtime: pass a "fetch" that uses it',
      { code: "unsupported" },
    );
  }
  return Deno.createHttpClient({ proxy });
}

/**
 * Makes a way to the network.
 *
 * @param fetch What sends requests.
 * @param proxy What they go through; is connected to with the first of them.
 */
export function createTransport(
  fetch: typeof globalThis.fetch,
  proxy: ProxySettings | undefined,
): Transport {
  let client: HttpClient | undefined;
  return {
    async send(url, init) {
      client ??= proxy && connect(proxy);
      return await fetch(url.href, {
        ...init,
        redirect: "manual",
        ...(client && { client }),
      });
    },
    close() {
      client?.close();
      client = undefined;
    },
  };
}
