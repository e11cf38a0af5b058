/**
 * The cookies of one conversation: of one origin, by name.
 *
 * @module
 */

import { tooLong } from "../streams/stream_error.ts";
import { isToken } from "./headers.ts";
import { toStreamFailure } from "./stream_failure.ts";

const VALUE = /^[\x21-\x3a\x3c-\x7e]*$/;

/** The most bytes of a cookie, its name included. */
const MAX_COOKIE = 4096;

/** The most bytes of all cookies: servers take no longer header. */
const MAX_HEADER = 8_192;

/**
 * Whether a cookie can be sent in a header as it is.
 *
 * @param name Its name.
 * @param value Its value.
 */
export function isCookie(name: string, value: string): boolean {
  return isToken(name) && VALUE.test(value) &&
    name.length + value.length < MAX_COOKIE;
}

interface SetCookie {
  readonly name: string;
  readonly value: string;
  /** Attributes by their lower-case names. */
  readonly attributes: ReadonlyMap<string, string>;
}

/**
 * Reads one `Set-Cookie` header as browsers do
 * ({@link https://www.rfc-editor.org/rfc/rfc6265#section-5.2 | RFC 6265 section 5.2}).
 * The parser of `@std/http` prints to the console and keeps a cookie that a
 * negative `Max-Age` takes back.
 */
function parseSetCookie(header: string): SetCookie {
  const [first = ["", ""], ...attributes] = header.split(";").map((part) => {
    const [name = "", ...value] = part.split("=");
    return [name.trim(), value.join("=").trim()] as const;
  });
  return {
    name: first[0],
    value: first[1],
    attributes: new Map(
      attributes.map(([name, value]) => [name.toLowerCase(), value]),
    ),
  };
}

const LOOPBACK = /^(?:(?:.+\.)?localhost|127(?:\.\d+){3}|\[::1\])$/;

/** Whether a cookie's attributes let it go back to where it came from. */
function isReturned({ attributes }: SetCookie, url: URL): boolean {
  const domain = attributes.get("domain")?.replace(/^\./, "").toLowerCase();
  const path = attributes.get("path") ?? "";
  // Browsers, too, treat the loopback host as a secure place.
  const isSecure = url.protocol === "https:" || LOOPBACK.test(url.hostname);
  return (!domain || `.${url.hostname}`.endsWith(`.${domain}`)) &&
    (!path.startsWith("/") ||
      `${url.pathname}/`.startsWith(path.replace(/\/?$/, "/"))) &&
    (isSecure || !attributes.has("secure"));
}

function hasExpired({ attributes }: SetCookie, now: number): boolean {
  const maxAge = attributes.get("max-age") ?? "";
  if (/^-?\d+$/.test(maxAge)) return Number(maxAge) <= 0;
  return Date.parse(attributes.get("expires") ?? "") <= now;
}

/** Checks how long one is, or the header of that name. */
function checkLength(length: number, limit: number): void {
  if (length >= limit) throw toStreamFailure(tooLong("Cookie", limit, "bytes"));
}

/**
 * Takes over the cookies of a response.
 *
 * @param cookies The cookies so far.
 * @param headers The headers of the response.
 * @param url The URL below which the cookies will be sent.
 * @param now The time, in milliseconds since 1970.
 * @returns The cookies from now on; foreign and expired ones are left out.
 * @throws {ProviderError} If a cookie is longer than 4 KiB, or all of them are
 * longer than 8 KiB, with code `too-large`.
 */
export function updateCookies(
  cookies: Readonly<Record<string, string>>,
  headers: Headers,
  url: URL,
  now: number,
): Record<string, string> {
  const updated = new Map(Object.entries(cookies));
  for (const header of headers.getSetCookie()) {
    // Browsers make nothing of a header without a name and a value.
    if (!/^[^;]*=/.test(header)) continue;
    const cookie = parseSetCookie(header);
    const { name, value } = cookie;
    checkLength(name.length + value.length, MAX_COOKIE);
    if (!isCookie(name, value) || !isReturned(cookie, url)) continue;
    if (hasExpired(cookie, now)) updated.delete(name);
    else updated.set(name, value);
  }
  const result = Object.fromEntries(updated);
  checkLength(toCookieHeader(result).length, MAX_HEADER);
  return result;
}

/**
 * Writes the value of a `Cookie` header.
 *
 * @param cookies The cookies.
 * @returns The value; empty where there are none.
 */
export function toCookieHeader(
  cookies: Readonly<Record<string, string>>,
): string {
  return Object.entries(cookies).map((cookie) => cookie.join("=")).join("; ");
}

/**
 * Joins the values of two `Cookie` headers.
 *
 * @param own The one.
 * @param given The other, whose cookies win over those of the same names.
 */
export function mergeCookies(own: string, given: string): string {
  const toName = (cookie: string) => cookie.split("=", 1)[0]?.trim();
  const names = given.split(";").map(toName);
  const kept = own.split("; ").filter((cookie) =>
    !names.includes(toName(cookie))
  );
  return [...kept, given].join("; ");
}
