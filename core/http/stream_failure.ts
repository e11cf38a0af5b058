/**
 * What is wrong with a body, as the error of a run.
 *
 * @module
 */

import { ProviderError } from "../chat/errors.ts";
import { isStreamError } from "../streams/stream_error.ts";

/**
 * Makes the error of a run of what splitting a body throws.
 *
 * @param error What was thrown; anything but a `StreamError` is given
 * back as it is.
 */
export function toStreamFailure(error: unknown): unknown {
  return isStreamError(error)
    ? new ProviderError(error.message, { code: error.code })
    : error;
}
