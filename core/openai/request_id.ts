/**
 * The id by which a server knows a request.
 *
 * @module
 */

import { isFilled } from "../streams/values.ts";

/** The headers in which servers send it: OpenAI, Anthropic, Azure. */
const HEADERS = ["x-request-id", "request-id", "apim-request-id"];

/**
 * Finds the id of a request.
 *
 * @param headers The headers of its response.
 */
export function findRequestId(headers: Headers): string | undefined {
  return HEADERS.map((name) => headers.get(name)).find(isFilled);
}
