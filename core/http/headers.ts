/**
 * Headers of callers, checked before the platform sees them.
 *
 * @module
 */

import { invalidOption } from "../chat/options.ts";
import { isList, isString } from "../streams/values.ts";

/** Names of headers and cookies, by RFC 9110 section 5.6.2. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** What a header value may hold; nothing that ends the line or gets trimmed. */
const VALUE =
  /^$|^[\x21-\x7e\x80-\xff](?:[\t\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?$/;

/** Headers that describe the connection or the body: the platform's own. */
const RESERVED =
  /^(?:connection|content-(?:length|type)|expect|host|keep-alive|te|trailer|transfer-encoding|upgrade)$/i;

/**
 * Whether a name can be that of a header or a cookie.
 *
 * @param name The name.
 */
export function isToken(name: string): boolean {
  return TOKEN.test(name);
}

/**
 * Whether a value can be sent as a header as it is. The platform's own error
 * would print it.
 */
export function isHeaderValue(value: string): boolean {
  return VALUE.test(value);
}

function toEntries(init: unknown): Iterable<unknown> {
  if (typeof init !== "object" || init === null) {
    throw invalidOption("headers", "is not valid: expected headers");
  }
  return Symbol.iterator in init
    ? init as Iterable<unknown>
    : Object.entries(init);
}

/**
 * Reads the headers of a caller.
 *
 * @param init The headers, in any form that the platform takes.
 * @returns Their names and values.
 * @throws {ProviderError} If one cannot be sent or is not the caller's to set,
 * with code `invalid-request`; the error names it but not its value.
 */
export function readHeaders(
  init: HeadersInit | undefined,
): readonly (readonly [string, string])[] {
  if (init === undefined) return [];
  const headers: [string, string][] = [];
  for (const entry of toEntries(init)) {
    const [name, value]: readonly unknown[] = isList(entry) ? entry : [];
    if (!isString(name) || !isToken(name)) {
      throw invalidOption("headers", "has a name that is not valid");
    }
    if (!isString(value) || !isHeaderValue(value)) {
      throw invalidOption(
        "headers",
        `has a value that is not valid: "${name}"`,
      );
    }
    if (RESERVED.test(name)) {
      throw invalidOption(
        "headers",
        `cannot set "${name}": it belongs to the request`,
      );
    }
    headers.push([name, value]);
  }
  return headers;
}
