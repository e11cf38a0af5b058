/**
 * What is wrong with a body, as the error of a run.
 *
 * @module
 */

import { ProviderError } from "../chat/errors.ts";
import { StreamError } from "../streams/stream_error.ts";

/**
 * Makes the error of a run of what splitting a body throws.
 *
 * @param error What was thrown; anything but a {@linkcode StreamError} is given
 * back as it is.
 */
export function toStreamFailure(error: unknown): unknown {
  return error instanceof StreamError
    ? new ProviderError(error.message, { code: error.code })
    : error;
}
