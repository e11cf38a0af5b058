/**
 * The body of an answer.
 *
 * @module
 */

import { createBodyReader } from "../streams/body_reader.ts";
import { decodeBatches } from "../streams/decoded_body.ts";
import type { UpstreamResponse } from "../chat/exchange.ts";
import { isProviderError, ProviderError } from "../chat/errors.ts";
import { parseJson } from "../streams/json.ts";
import { tooLong } from "../streams/stream_error.ts";
import { findNetworkCause } from "./network_cause.ts";
import type { Scope } from "./scope.ts";
import { toStreamFailure } from "./stream_failure.ts";

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

/** Options for {@linkcode createHttpResponse}. */
interface HttpResponseOptions {
  /** The run. */
  readonly scope: Scope;
  /** Whether the request may be sent again where the body breaks off. */
  readonly retryable: boolean;
}

/**
 * Makes a response whose status was good.
 *
 * @param response The response.
 * @param body Its body.
 * @param options The run, and whether the request may be sent again.
 */
export function createHttpResponse(
  { status, headers }: Response,
  body: ReadableStream<Uint8Array>,
  { scope, retryable }: HttpResponseOptions,
): UpstreamResponse {
  const { clocks, redactor, config: { clock, limits } } = scope;
  const reader = createBodyReader(body, {
    clock,
    signal: scope.signal,
    toError(error) {
      if (isProviderError(error)) return error;
      const words = findNetworkCause(error)?.words;
      return new ProviderError(
        `Connection broke off${words === undefined ? "" : `: ${words}`}`,
        {
          code: "incomplete",
          retryable,
          cause: redactor.cleanCause(error),
        },
      );
    },
  });

  async function text(): Promise<string> {
    const limit = limits.eventLength;
    const bytes = await reader.readAll(limit, {
      toLimitError: () => toStreamFailure(tooLong("Response", limit, "bytes")),
    });
    return new TextDecoder().decode(bytes);
  }

  return {
    status,
    headers,
    mediaType: toMediaType(headers),
    decode: (decoder) => decodeBatches(reader, decoder, toStreamFailure),
    text,
    async json() {
      try {
        return parseJson(await text());
      } catch (error) {
        throw toStreamFailure(error);
      }
    },
    get isEnded() {
      return reader.isEnded;
    },
    settle(ms = TRAILER_TIME) {
      clocks.settle(reader.cancel);
      reader.settle(clock, Math.min(ms, clocks.idle ?? ms));
    },
    cancel: reader.cancel,
  };
}
