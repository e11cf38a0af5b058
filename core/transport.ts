/**
 * The way of requests to the network.
 *
 * @module
 */

import { ProviderError } from "./errors.ts";

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
export class Transport {
  readonly #fetch: typeof fetch;
  readonly #proxy: ProxySettings | undefined;
  #client: HttpClient | undefined;

  constructor(
    fetch: typeof globalThis.fetch,
    proxy: ProxySettings | undefined,
  ) {
    this.#fetch = fetch;
    this.#proxy = proxy;
  }

  /**
   * Sends a request. Redirects are not followed: each has to be checked first.
   *
   * @param url Where to.
   * @param init As for `fetch`.
   * @throws {ProviderError} If there is a proxy that the runtime cannot use, with
   * code `unsupported`.
   */
  async send(url: URL, init: RequestInit): Promise<Response> {
    const client = this.#client ??= this.#connect();
    // Called without a receiver: the platform's fetch refuses any other.
    const send = this.#fetch;
    return await send(url.href, {
      ...init,
      redirect: "manual",
      ...(client && { client }),
    });
  }

  /** Lets go of the proxy. */
  close(): void {
    this.#client?.close();
    this.#client = undefined;
  }

  #connect(): HttpClient | undefined {
    if (this.#proxy === undefined) return undefined;
    const { Deno } = globalThis as { Deno?: DenoNamespace };
    if (Deno?.createHttpClient === undefined) {
      throw new ProviderError(
        'Option "proxy" does not work in this runtime: pass a "fetch" that uses it',
        { code: "unsupported" },
      );
    }
    return Deno.createHttpClient({ proxy: this.#proxy });
  }
}
