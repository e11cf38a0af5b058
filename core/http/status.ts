/**
 * What the HTTP status of a response means.
 *
 * @module
 */

import { createBodyReader } from "../streams/body_reader.ts";
import { ProviderError } from "../chat/errors.ts";
import { classifyAnswer } from "./failure.ts";
import type { Failure } from "./failure_rules.ts";
import { findError } from "./find_error.ts";
import { toMediaType } from "./http_response.ts";
import { tryParseJson } from "../streams/json.ts";
import { findRetryAfter, toWait } from "./retry_after.ts";
import type { Scope } from "./scope.ts";
import { cleanText } from "./redactor.ts";
import { isObject } from "../streams/values.ts";

/** What is wrong where a server speaks HTTPS only. */
export const NEEDS_HTTPS = 'HTTPS: the base URL must begin with "https:"';

/** How long the body of an error is read, in milliseconds. */
const ERROR_BODY_TIME = 5_000;

/** Reads the beginning of a body; what comes too late is left out. */
async function readBeginning(
  body: ReadableStream<Uint8Array>,
  { config, signal }: Scope,
): Promise<string> {
  const reader = createBodyReader(body, { signal, clock: config.clock });
  reader.settle(config.clock, ERROR_BODY_TIME);
  return new TextDecoder().decode(
    await reader.readAll(config.limits.errorBytes),
  );
}

/**
 * Reads what a body says to people: JSON, also as an event or a line, or words. A
 * page, broken JSON and no text say nothing.
 */
function parseBody(text: string, isPage: boolean): unknown {
  if (isPage || /^\s*<|\0/.test(text)) return undefined;
  return tryParseJson(text) ??
    text.split("\n").map((line) => tryParseJson(line.replace(/^data:/, "")))
      .find(isObject) ??
    (/^\s*[[{"]/.test(text) ? undefined : text);
}

/** Paths of servers like OpenAI's, whose base URL names a version. */
const VERSIONED = /\/(?:chat\/completions|models|images\/generations)$/;

/** Writes where nothing was found, and what may be wrong with it. */
function toPlace({ origin, pathname }: URL): string {
  const lacksVersion = VERSIONED.test(pathname) && !/\/v\d/.test(pathname);
  return `for ${origin}${pathname}${
    lacksVersion ? ', where "/v1" may be missing in the base URL' : ""
  }`;
}

/** A key that was copied together with what stands around it. */
const WRAPPED_KEY = /^(?:["'`]|Bearer )/i;

/** How servers say that they want TLS. */
const WANTS_TLS = /plain HTTP|HTTP request to an HTTPS/i;

/** What {@linkcode toStatusError} needs beside the response. */
export interface StatusErrorOptions {
  /** Where the request was sent. */
  readonly url: URL;
  /** The run. */
  readonly scope: Scope;
  /** Whether the request may be sent again after a failure that may pass. */
  readonly retryable: boolean;
}

/**
 * Makes the error for a response whose status is not good.
 *
 * @param response The response; its body is read or cancelled.
 * @param options The request and the run.
 * @returns An error with a short excerpt of what the upstream says, and none of
 * a page.
 */
export async function toStatusError(
  response: Response,
  { url, scope, retryable }: StatusErrorOptions,
): Promise<ProviderError> {
  const { status, headers, body } = response;
  const { redactor, config } = scope;
  // Its status is known: its body has a time of its own.
  scope.clocks.receive(false);
  const text = body === null ? "" : await readBeginning(body, scope);
  const isPage = toMediaType(headers) === "text/html";
  const value = parseBody(text, isPage);
  const error = findError(value) ?? { message: "", codes: [] };
  // A date is one of the server's clock, which may be another.
  const now = Date.parse(`${headers.get("date")}`) || config.clock.now();
  const retryAfter = findRetryAfter(headers, now) ??
    toWait(error.retryAfter, now);
  const failure = classifyAnswer({
    body: value ?? text,
    error: { ...error, retryAfter },
    status,
  }, config);
  const words = cleanText(redactor, error.message);
  const said = WANTS_TLS.test(text)
    ? `the server speaks ${NEEDS_HTTPS}`
    : isPage
    ? "it is a page, perhaps a bot wall"
    : failure.code === "authentication" && WRAPPED_KEY.test(config.apiKey ?? "")
    ? `quotes or "Bearer" stand around the key${words && `: ${words}`}`
    : words || (status === 407 ? "the proxy wants another password" : "");
  // A path may repeat the prompt.
  const place = failure.code === "not-found"
    ? cleanText(redactor, toPlace(url))
    : "";
  return new ProviderError(
    `Status is ${status}${place && ` ${place}`}${said && `: ${said}`}`,
    {
      code: failure.code,
      status,
      retryable: retryable && isRetryable(failure, headers),
      retryAfter,
      param: error.param && cleanText(redactor, error.param),
      body: words || undefined,
    },
  );
}

/** Whether a failure may pass; who failed knows best. */
function isRetryable({ code, retryable }: Failure, headers: Headers): boolean {
  const advice = headers.get("x-should-retry");
  if (advice === "false") return false;
  return retryable ||
    (advice === "true" && (code === "conflict" || code === "upstream"));
}
