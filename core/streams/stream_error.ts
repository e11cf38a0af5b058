/**
 * What can be wrong with a body.
 *
 * @module
 */

/** What is wrong with a body: it is cut, malformed, or has more than it may. */
export type StreamErrorCode = "bad-response" | "incomplete" | "too-large";

/** The error of this room, which knows no provider. */
export class StreamError extends Error {
  /** What is wrong. */
  readonly code: StreamErrorCode;

  /**
   * Makes an error.
   *
   * @param message What failed: a sentence without a period.
   * @param code What is wrong.
   */
  constructor(message: string, code: StreamErrorCode) {
    super(message);
    this.code = code;
  }
}

/**
 * Makes the error for what has more than it may have.
 *
 * @param what What it is.
 * @param limit The most that it may have.
 * @param unit Of what.
 */
export function tooLong(
  what: string,
  limit: number,
  unit: "bytes" | "characters",
): StreamError {
  return new StreamError(
    `${what} is longer than ${limit} ${unit}`,
    "too-large",
  );
}
