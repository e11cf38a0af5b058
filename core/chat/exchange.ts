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
