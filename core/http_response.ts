/**
 * The body of an answer.
 *
 * @module
 */

import { BodyReader } from "./body_reader.ts";
import { DecodedBody, type Decoder } from "./decoded_body.ts";
import type { UpstreamResponse } from "./definition.ts";
import { ProviderError } from "./errors.ts";
import { parseJson } from "./json.ts";
import type { Scope } from "./scope.ts";

/**
 * How long the rest of a body is read after the answer is whole, in
 * milliseconds: usage or a title may follow, and the socket may stay open.
 */
const TRAILER_TIME = 250;

/** Options for {@linkcode HttpResponse}. */
interface HttpResponseOptions {
  /** The run. */
  readonly scope: Scope;
  /** Whether the request may be sent again where the body breaks off. */
  readonly retryable: boolean;
}

/** A response whose status was good. Its body can be read once. */
export class HttpResponse implements UpstreamResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly #reader: BodyReader;
  readonly #scope: Scope;

  constructor(
    response: Response,
    body: ReadableStream<Uint8Array>,
    { scope, retryable }: HttpResponseOptions,
  ) {
    this.status = response.status;
    this.headers = response.headers;
    this.#scope = scope;
    this.#reader = new BodyReader(body, {
      signal: scope.signal,
      toError: (error) =>
        new ProviderError("Connection broke off", {
          code: "incomplete",
          retryable,
          cause: scope.redactor.cleanCause(error),
        }),
    });
  }

  get mediaType(): string {
    return toMediaType(this.headers);
  }

  decode<T>(decoder: Decoder<T>): AsyncIterable<readonly T[]> {
    return new DecodedBody(this.#reader, decoder);
  }

  async text(): Promise<string> {
    const limit = this.#scope.settings.limits.eventLength;
    const bytes = await this.#reader.readAll(limit, {
      toLimitError: () =>
        new ProviderError(`Response is longer than ${limit} bytes`, {
          code: "too-large",
        }),
    });
    return new TextDecoder().decode(bytes);
  }

  async json(): Promise<unknown> {
    return parseJson(await this.text());
  }

  settle(): void {
    this.#scope.clocks.settle();
    this.#reader.settle(this.#scope.settings.clock, TRAILER_TIME);
  }

  cancel(): void {
    this.#reader.cancel();
  }
}

/** Reads the media type of a message, without its parameters. */
export function toMediaType(headers: Headers): string {
  const [type = ""] = (headers.get("content-type") ?? "").split(";");
  return type.trim().toLowerCase();
}
