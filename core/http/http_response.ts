/**
 * The body of an answer.
 *
 * @module
 */

import { type BodyReader, createBodyReader } from "../streams/body_reader.ts";
import { DecodedBatches, type Decoder } from "../streams/decoded_body.ts";
import type { UpstreamResponse } from "../chat/exchange.ts";
import { isProviderError, ProviderError } from "../chat/errors.ts";
import { refusePage } from "./page.ts";
import { parseJson } from "../streams/json.ts";
import { tooLong } from "../streams/stream_error.ts";
import { findNetworkCause } from "./network_cause.ts";
import type { Scope } from "./scope.ts";
import { toStreamFailure } from "./stream_failure.ts";
import { cleanCause } from "./redactor.ts";

/**
 * How long the rest of a body is waited for after the answer is whole, in
 * milliseconds: a title may follow, and the socket may stay open.
 */
const TRAILER_TIME = 250;

/** Reads the media type of a message, without its parameters. */
export function toMediaType(headers: Headers): string {
  const [type = ""] = (headers.get("content-type") ?? "").split(";");
  return type.trim().toLowerCase();
}

/** Options for {@linkcode HttpResponse}. */
interface HttpResponseOptions {
  /** The run. */
  readonly scope: Scope;
  /** Whether the request may be sent again where the body breaks off. */
  readonly retryable: boolean;
}

/** A response whose status was good. */
export class HttpResponse implements UpstreamResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly mediaType: string;
  readonly #scope: Scope;
  readonly #reader: BodyReader;

  /**
   * Makes a response.
   *
   * @param response The response.
   * @param body Its body, which must be no page.
   * @param options The run, and whether the request may be sent again.
   */
  constructor(
    { status, headers }: Response,
    body: ReadableStream<Uint8Array>,
    { scope, retryable }: HttpResponseOptions,
  ) {
    this.status = status;
    this.headers = headers;
    this.mediaType = toMediaType(headers);
    this.#scope = scope;
    const isPage = this.mediaType === "text/html";
    this.#reader = createBodyReader(isPage ? refusePage(body, status) : body, {
      clock: scope.config.clock,
      signal: scope.signal,
      toError(error) {
        if (isProviderError(error)) return error;
        const words = findNetworkCause(error)?.words;
        return new ProviderError(
          `Connection broke off${words === undefined ? "" : `: ${words}`}`,
          {
            code: "incomplete",
            retryable,
            cause: cleanCause(scope.redactor, error),
          },
        );
      },
    });
  }

  get isEnded(): boolean {
    return this.#reader.isEnded;
  }

  decode<T>(decoder: Decoder<T>): AsyncIterable<readonly T[]> {
    return new DecodedBatches(this.#reader, decoder, toStreamFailure);
  }

  async text(): Promise<string> {
    const limit = this.#scope.config.limits.eventLength;
    const bytes = await this.#reader.readAll(limit, {
      toLimitError: () => toStreamFailure(tooLong("Response", limit, "bytes")),
    });
    return new TextDecoder().decode(bytes);
  }

  async json(): Promise<unknown> {
    try {
      return parseJson(await this.text());
    } catch (error) {
      throw toStreamFailure(error);
    }
  }

  settle(ms = TRAILER_TIME): void {
    const { clocks, config: { clock } } = this.#scope;
    clocks.settle(() => this.cancel());
    this.#reader.settle(clock, Math.min(ms, clocks.idle ?? ms));
  }

  cancel(): void {
    this.#reader.cancel();
  }
}
