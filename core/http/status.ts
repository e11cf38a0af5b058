/**
 * What the HTTP status of a response means.
 *
 * @module
 */

import { createBodyReader } from "../streams/body_reader.ts";
import type { ErrorCode } from "../chat/error_code.ts";
import { ProviderError } from "../chat/errors.ts";
import { toMediaType } from "./http_response.ts";
import { findError } from "./find_error.ts";
import { tryParseJson } from "../streams/json.ts";
import { parseRetryAfter } from "./retry_after.ts";
import type { Scope } from "./scope.ts";

/** How long the body of an error is read, in milliseconds. */
const ERROR_BODY_TIME = 5_000;

function toCode(status: number): ErrorCode {
  if (status < 400) return "bad-response";
  if (status >= 500 || status === 408) return "upstream";
  if ([401, 402, 403, 407].includes(status)) return "authentication";
  if (status === 404 || status === 410) return "not-found";
  if (status === 409) return "conflict";
  if (status === 413) return "too-large";
  return status === 429 ? "rate-limit" : "invalid-request";
}

/** Whether a status may say that the prompt itself is refused. */
function isRefusal(status: number): boolean {
  return [400, 403, 413, 422].includes(status);
}

/** Reads the beginning of a body; what comes too late is left out. */
async function readBeginning(
  body: ReadableStream<Uint8Array>,
  { config, signal }: Scope,
): Promise<string> {
  const reader = createBodyReader(body, { signal });
  reader.settle(config.clock, ERROR_BODY_TIME);
  return new TextDecoder().decode(
    await reader.readAll(config.limits.errorBytes),
  );
}

/** Finds words for people in the body of an error. */
function toWords(text: string, isPage: boolean): string {
  if (isPage || /^\s*</.test(text)) return "";
  const value = tryParseJson(text);
  if (value !== undefined) return findError(value).message ?? "";
  return /^\s*[[{"]/.test(text) ? "" : text;
}

const CONTEXT_LENGTH =
  /context[ _](?:length|window|size)|prompt is too long|too many tokens/i;

const CONTENT_FILTER = /content[ _](?:policy|filter)|safety system|moderation/i;

/**
 * Finds what a refusal is about: that of a prompt which another model may take,
 * and that of its content.
 *
 * @param words What the upstream says, or the code that it gives.
 */
export function toRefusalCode(words: string): ErrorCode | undefined {
  if (CONTEXT_LENGTH.test(words)) return "context-length";
  return CONTENT_FILTER.test(words) ? "content-filter" : undefined;
}

/**
 * Makes the error for a response whose status is not good.
 *
 * @param response The response; its body is read or cancelled.
 * @param retryable Whether the request may be sent again.
 * @param scope The run.
 * @returns An error with a short excerpt of what the upstream says, and none of
 * a page.
 */
export async function toStatusError(
  response: Response,
  retryable: boolean,
  scope: Scope,
): Promise<ProviderError> {
  const { status, headers, body } = response;
  // Its status is known: its body has a time of its own.
  scope.clocks.receive(false);
  const text = body === null ? "" : await readBeginning(body, scope);
  const isPage = toMediaType(headers) === "text/html";
  const words = scope.redactor.clean(toWords(text, isPage));
  const said = isPage ? "it is a page, perhaps a bot wall" : words;
  return new ProviderError(
    `Status is ${status}${said && `: ${said}`}`,
    {
      code: (isRefusal(status) && toRefusalCode(text)) || toCode(status),
      status,
      retryable,
      retryAfter: parseRetryAfter(
        headers.get("retry-after"),
        scope.config.clock.now(),
      ),
      body: words || undefined,
    },
  );
}
