/**
 * One request to an upstream, and its response. Types only.
 *
 * @module
 */

import type { Decoder } from "../streams/decoded_body.ts";

/** One request to the upstream. */
export interface UpstreamRequest {
  /** Headers, under those of the caller. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /**
   * Whether the headers of the answer come only with the whole of it, so that
   * the clock `headers` has nothing to tell.
   *
   * @default {false}
   */
  readonly collected?: boolean | undefined;
  /**
   * The only statuses after which this request may be sent again.
   *
   * @default {408, 429, 5xx and network failures}
   */
  readonly retryStatuses?: readonly number[] | undefined;
}

/** The body of a request: JSON or a form. */
export type UpstreamBody =
  | { readonly json?: unknown; readonly form?: undefined }
  | { readonly json?: undefined; readonly form: FormData };

/** A response whose status was good. Its body can be read once. */
export interface UpstreamResponse {
  /** The HTTP status. */
  readonly status: number;
  /** The response headers. */
  readonly headers: Headers;
  /** The media type, without its parameters. */
  readonly mediaType: string;
  /** Whether the body has been read to its own end. */
  readonly isEnded: boolean;
  /**
   * Reads the body piece by piece, with a decoder such as `createSseDecoder` or
   * `createJsonLineDecoder`.
   *
   * @param decoder Turns bytes into items.
   * @returns Batches of items, one for each network piece that completes any.
   */
  decode<T>(decoder: Decoder<T>): AsyncIterable<readonly T[]>;
  /**
   * Reads the whole body as text.
   *
   * @throws {ProviderError} If it is cut, with code `incomplete`, or too long,
   * with code `too-large`.
   */
  text(): Promise<string>;
  /**
   * Reads the whole body as JSON.
   *
   * @throws {ProviderError} If it is cut, with code `incomplete`, or not JSON,
   * with code `bad-response`.
   */
  json(): Promise<unknown>;
  /**
   * Says that the answer may be whole: the rest of the body is waited for no
   * longer than so many milliseconds, counted anew from each call, and that it
   * breaks off is no failure any more. Only needed where something may follow
   * the end: after `finish` nothing is read.
   *
   * @param ms Milliseconds; without them a quarter of a second.
   */
  settle(ms?: number): void;
  /** Cancels the body, so that its socket closes. */
  cancel(): void;
}

/** A request that the end of the run does not end, but its own `close`. */
export interface DetachedRequest {
  /** The response; rejects as that of a `post`. */
  readonly response: Promise<UpstreamResponse>;
  /** Ends the request and its response. */
  close(): void;
}

/** The ways to ask the upstream. */
export interface UpstreamAccess {
  /**
   * Sends a GET request.
   *
   * @param path The path below the base URL, from its slash.
   * @param request What to send.
   * @throws {ProviderError} If there is no response, or its status is not good.
   */
  get(path: string, request?: UpstreamRequest): Promise<UpstreamResponse>;
  /**
   * Sends a POST request.
   *
   * @param path The path below the base URL, from its slash.
   * @param request What to send.
   * @throws {ProviderError} If there is no response, or its status is not good.
   */
  post(
    path: string,
    request?: UpstreamRequest & UpstreamBody,
  ): Promise<UpstreamResponse>;
  /**
   * Sends a POST request whose response may still be read when the run has
   * ended: it has the clocks of the run, and must be closed.
   *
   * @param path The path below the base URL, from its slash.
   * @param request What to send.
   */
  postDetached(
    path: string,
    request?: UpstreamRequest & UpstreamBody,
  ): DetachedRequest;
  /**
   * Sends a request that outlives the run: nobody has to wait for it, its failure
   * is of no account, and it takes two seconds at most.
   *
   * @param method The HTTP method.
   * @param path The path below the base URL, from its slash.
   * @param request What to send.
   * @returns Fulfils when it is over; never rejects.
   */
  notify(
    method: "POST" | "PATCH" | "DELETE",
    path: string,
    request?: Pick<UpstreamRequest, "headers"> & UpstreamBody,
  ): Promise<void>;
}
