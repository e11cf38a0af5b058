/**
 * What is wrong with a picture.
 *
 * @module
 */

import { ProviderError } from "../chat/errors.ts";

/**
 * Makes the error for a picture that is too large.
 *
 * @param limit The most bytes.
 */
export function tooLargeImage(limit: number): ProviderError {
  return new ProviderError(`Image is larger than ${limit} bytes`, {
    code: "too-large",
  });
}

/**
 * Makes the error for a picture that is none.
 *
 * @param reason What is there instead.
 * @param status The HTTP status, where there is one.
 */
export function refuseImage(reason: string, status?: number): ProviderError {
  return new ProviderError(`Image is refused: ${reason}`, {
    code: "bad-image",
    status,
  });
}
