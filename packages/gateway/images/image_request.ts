/**
 * What a client of OpenAI's asks to be drawn.
 *
 * @module
 */

import * as z from "zod/mini";
import { ModelName, parseBody } from "../http/request_fields.ts";

/** The most pictures of one request, as at OpenAI. */
const MAX_COUNT = 10;

/** A request for pictures. */
export interface ImageRequest {
  /** The name of the model. */
  readonly model: string;
  /** What they show. */
  readonly prompt: string;
  /** How many. */
  readonly count: number;
  /** In which form; both where none is asked for. */
  readonly format: "url" | "b64_json" | undefined;
}

const COUNT = `a whole number from 1 to ${MAX_COUNT}`;

const ImageBody = z.object({
  model: ModelName,
  prompt: z.string("a text").check(z.minLength(1, "a text")),
  n: z.nullish(
    z.int(COUNT).check(z.gte(1, COUNT), z.lte(MAX_COUNT, COUNT)),
  ),
  response_format: z.nullish(
    z.enum(["url", "b64_json"], '"url" or "b64_json"'),
  ),
  stream: z.nullish(z.literal(false, "false: pictures come in one piece")),
});

/**
 * Reads the body of a request for pictures. What no provider can be told, such
 * as a size, is ignored.
 *
 * @param body The body, parsed.
 * @returns The request.
 * @throws {Refusal} If it is wrong, with status 400.
 */
export function readImageRequest(
  body: Readonly<Record<string, unknown>>,
): ImageRequest {
  const { model, prompt, n, response_format: format } = parseBody(
    ImageBody,
    body,
  );
  return { model, prompt, count: n ?? 1, format: format ?? undefined };
}
