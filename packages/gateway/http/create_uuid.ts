/**
 * Ids of requests and answers.
 *
 * @module
 */

/**
 * Makes a UUID of version 7 ({@link https://www.rfc-editor.org/rfc/rfc9562 | RFC
 * 9562}), which sorts by time. Its chance is that of the platform's own UUID,
 * which costs a tenth of what one costs that is made byte by byte.
 *
 * @param now The time, in milliseconds since 1970.
 */
export function createUuid(now: number = Date.now()): string {
  const time = now.toString(16).padStart(12, "0");
  const chance = crypto.randomUUID().slice("xxxxxxxx-xxxx-4".length);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${chance}`;
}
