/**
 * When to try again.
 *
 * @module
 */

import { isProviderError, type ProviderError } from "../chat/errors.ts";
import { isObject } from "../streams/values.ts";

const FIRST_DELAY = 500;
const MAX_DELAY = 8_000;

/** How much of a delay is left to chance, so that callers do not come at once. */
const JITTER = 0.25;

/** Between these, milliseconds are no wait but a time, from 2001 to 2286. */
const [FIRST_TIME, LAST_TIME] = [1e12, 1e13];

/** How much of the words is searched for a wait. */
const MAX_WORDS = 4096;

/** How servers tell a wait in words, as in `try again in 6m0.5s`. */
const TOLD =
  /\b(?:(?:again|retry|resets?) (?:in|after)|wait) ((?:\d+(?:\.\d+)? ?(?:milli|ms|[hms])[a-z]* ?)+)/i;

const UNITS: Readonly<Record<string, number>> = {
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
  milli: 1,
};

/** The three forms of a date in HTTP; the last one does not name its zone. */
const HTTP_DATE =
  /^[A-Z][a-z]+(?:, \d\d[ -][A-Z][a-z]{2}[ -](?:\d{2}){1,2} [\d:]{8} GMT| [A-Z][a-z]{2} [ \d]\d [\d:]{8} \d{4})$/;

/** Reads a date by RFC 9110 section 5.6.7. */
function parseHttpDate(value: string): number | undefined {
  if (!HTTP_DATE.test(value)) return undefined;
  const time = Date.parse(value.endsWith("GMT") ? value : `${value} GMT`);
  // A day that its month does not have would be one of the next month.
  const day = Number(/\d+/.exec(value)?.[0]);
  return new Date(time).getUTCDate() === day ? time : undefined;
}

/**
 * Whether milliseconds are no wait but a time since 1970.
 *
 * @param ms The milliseconds.
 */
export function isTime(ms: number): boolean {
  return ms >= FIRST_TIME && ms < LAST_TIME;
}

/**
 * Reads what may be a wait or a time.
 *
 * @param ms Milliseconds, or milliseconds since 1970.
 * @param now The time, in milliseconds since 1970.
 * @returns Milliseconds to wait.
 */
export function toWait<T extends number | undefined>(
  ms: T,
  now: number,
): T | number {
  return ms !== undefined && isTime(ms) ? Math.max(0, ms - now) : ms;
}

/**
 * Reads the wait of Google's RetryInfo, or one in seconds.
 *
 * @param value Such as `34.07s`, `{seconds}` or `34`.
 * @returns Milliseconds to wait, or `undefined` where it is none.
 */
export function parseRetryInfo(value: unknown): number | undefined {
  const seconds = isObject(value)
    ? Number(value.seconds)
    : /^[\d.]+s?$/.test(`${value}`)
    ? Number.parseFloat(`${value}`)
    : NaN;
  return Number.isFinite(seconds) ? seconds * 1000 : undefined;
}

/**
 * Finds a wait that is told in words.
 *
 * @param words What an upstream says.
 * @returns Milliseconds to wait, or `undefined` where none is told.
 */
export function findToldWait(words: string): number | undefined {
  const [, told] = TOLD.exec(words.slice(0, MAX_WORDS)) ?? [];
  const parts = told?.toLowerCase().matchAll(/([\d.]+) ?(milli|ms|[hms])/g);
  return parts?.reduce(
    (sum, [, count, unit = ""]) => sum + Number(count) * (UNITS[unit] ?? 0),
    0,
  );
}

/**
 * Reads a `Retry-After` header
 * ({@link https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3 | RFC 9110 section 10.2.3}).
 *
 * @param value The value of the header.
 * @param now The time, in milliseconds since 1970.
 * @returns Milliseconds to wait, or `undefined` where it is not valid.
 */
export function parseRetryAfter(
  value: string | null,
  now: number,
): number | undefined {
  if (value === null) return undefined;
  // Some servers say it in fractions of a second, some as a time since 1970; a
  // proxy may say it once more.
  const [, seconds] = /^(\d+(?:\.\d+)?)(?:, \1)*$/.exec(value) ?? [];
  if (seconds !== undefined) return toWait(Number(seconds) * 1000, now);
  const date = parseHttpDate(value);
  if (date !== undefined) return Math.max(0, date - now);
  // Some write units, as Go does.
  return / /.test(value) ? undefined : findToldWait(`wait ${value}`);
}

/**
 * Finds how long an upstream asks to wait: `retry-after-ms`, else `Retry-After`.
 *
 * @param headers The headers of its response.
 * @param now The time, in milliseconds since 1970.
 * @returns Milliseconds to wait, or `undefined` where none is given.
 */
export function findRetryAfter(
  headers: Headers,
  now: number,
): number | undefined {
  const ms = headers.get("retry-after-ms") ?? "";
  return /^\d+(?:\.\d+)?$/.test(ms)
    ? Number(ms)
    : parseRetryAfter(headers.get("retry-after"), now);
}

/**
 * Whether another attempt may mend a failure. Silence is not tried again on the
 * same provider.
 *
 * @param failure What an attempt failed with.
 * @param maxDelay The longest wait that an upstream may ask for, in
 * milliseconds.
 */
export function canRetry(
  failure: unknown,
  maxDelay: number,
): failure is ProviderError {
  return isProviderError(failure) && failure.retryable &&
    failure.code !== "timeout" && (failure.retryAfter ?? 0) <= maxDelay;
}

/**
 * How long to wait before an attempt: 0.5 s, doubled each time, at most 8 s, of
 * which up to a quarter is left to chance; never less than the upstream asks.
 *
 * @param failures How many attempts have failed, from 1.
 * @param retryAfter What the upstream asks, in milliseconds.
 * @param random Gives a number from 0 to 1.
 * @returns Milliseconds.
 */
export function toRetryDelay(
  failures: number,
  retryAfter: number | undefined,
  random: () => number,
): number {
  const delay = Math.min(MAX_DELAY, FIRST_DELAY * 2 ** (failures - 1));
  const chance = JITTER * delay * random();
  return Math.max(
    delay - chance,
    retryAfter === undefined ? 0 : retryAfter + chance,
  );
}
