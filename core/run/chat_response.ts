/**
 * An answer as an HTTP response.
 *
 * @module
 */

import type { BatchSource } from "../streams/batch_iterator.ts";
import type { ChatResponseInit } from "../chat/chat_stream.ts";
import { isProviderError, ProviderError } from "../chat/errors.ts";
import { toPullStream } from "../streams/pull_stream.ts";
import { isString } from "../streams/values.ts";
import { createCheck, milliseconds } from "../chat/option_schemas.ts";
import { custom } from "../chat/zod.ts";

const MEDIA_TYPES = {
  text: "text/plain; charset=utf-8",
  sse: "text/event-stream; charset=utf-8",
  jsonl: "application/jsonl; charset=utf-8",
} as const;

/**
 * Checks what is set for a response. A format may come from a query: an unknown
 * one must not send events.
 */
export const checkInit: (init: unknown) => void = /* @__PURE__ */ createCheck(
  () => ({
    format: custom(
      (format) => isString(format) && Object.hasOwn(MEDIA_TYPES, format),
      '"text", "sse" or "jsonl"',
    ),
    holdHead: milliseconds(),
  }),
);

/** What is written of an event, of a run or of what is built on runs. */
export interface AnyEvent {
  /** Tells the events apart. */
  readonly type: string;
  /** The piece of a text. */
  readonly text?: string | undefined;
  /** How many characters of the text are void. */
  readonly discard?: number | undefined;
  /** The id of the provider. */
  readonly provider?: string | undefined;
}

/**
 * Joins the text of events.
 *
 * @param events The events; those of other types give nothing.
 * @throws {ProviderError} If text is void that was handed on, with code
 * `incomplete`.
 */
export function joinText(events: readonly AnyEvent[]): string {
  return events.map(({ type, text = "", discard = 0, provider }) => {
    if (type === "restart" && discard > 0) {
      throw new ProviderError("Text cannot be taken back: answer begins anew", {
        code: "incomplete",
        provider,
      });
    }
    return type === "text" ? text : "";
  }).join("");
}

/**
 * Makes the event for an error. The words of a foreign error, such as the reason
 * of an abort, are not sent.
 *
 * @param error The error.
 */
export function toErrorEvent(error: unknown): unknown {
  return {
    type: "error",
    error: isProviderError(error)
      ? error
      : { code: "aborted", message: "The run was aborted" },
  };
}

/**
 * Makes the headers of a response.
 *
 * @param init Those of the caller, which go before the defaults.
 * @param mediaType What the body is.
 * @param own Those that go before the caller's.
 */
export function toHeaders(
  init: HeadersInit | undefined,
  mediaType: string,
  own: Readonly<Record<string, string>> = {},
): Headers {
  const headers = new Headers(init);
  const defaults = {
    "cache-control": "no-store",
    "content-type": mediaType,
    "x-content-type-options": "nosniff",
  };
  for (const [name, value] of Object.entries(defaults)) {
    if (!headers.has(name)) headers.set(name, value);
  }
  for (const [name, value] of Object.entries(own)) headers.set(name, value);
  return headers;
}

/**
 * Makes a response that streams a run.
 *
 * @param source The run.
 * @param init The format, and what a `Response` takes.
 */
export function toChatResponse(
  source: BatchSource<AnyEvent>,
  { format = "text", ...init }: ChatResponseInit,
): Response {
  checkInit({ format });
  const encoder = new TextEncoder();
  const [start, end] = format === "sse" ? ["data: ", "\n\n"] : ["", "\n"];
  const toLine = (value: unknown) => start + JSON.stringify(value) + end;
  const toText = format === "text"
    ? joinText
    : (events: readonly AnyEvent[]) => events.map(toLine).join("");
  const body = toPullStream(source, {
    toChunks: (events: readonly AnyEvent[]) => {
      const text = toText(events);
      return text === "" ? [] : [encoder.encode(text)];
    },
    ...(format !== "text" && {
      toLastChunk: (error: unknown) => {
        const line = toLine(toErrorEvent(error));
        return encoder.encode(
          format === "sse" ? `event: error\n${line}` : line,
        );
      },
    }),
  });
  const headers = toHeaders(init.headers, MEDIA_TYPES[format]);
  return new Response(body, { ...init, headers });
}
