/**
 * What can be wrong with a body.
 *
 * @module
 */

import { isObject } from "./values.ts";

/** Marks the errors of every copy of the library: decoders may come of another. */
const BRAND = /* @__PURE__ */ Symbol.for("@parley/chat/StreamError");

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
    Object.defineProperty(this, BRAND, { value: true });
  }
}

/**
 * Whether a value is a {@linkcode StreamError}, of this copy of the library or
 * of another.
 *
 * @param value What was thrown.
 */
export function isStreamError(value: unknown): value is StreamError {
  return isObject(value) && BRAND in value;
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
  unit: "bytes" | "characters" | "values",
): StreamError {
  return new StreamError(
    `${what} is longer than ${limit} ${unit}`,
    "too-large",
  );
}
