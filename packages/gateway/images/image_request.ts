/**
 * What a client of OpenAI's asks to be drawn.
 *
 * @module
 */

import type { ImageOptions, Warning } from "@parley/chat";
import * as z from "zod/mini";
import { createIgnoredFields } from "../chat/ignored_fields.ts";
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
  /** How large, and how good, in the words of the upstream. */
  readonly settings: Pick<ImageOptions, "size" | "quality">;
  /** In which form; both where none is asked for. */
  readonly format: "url" | "b64_json" | undefined;
  /** What has no effect, whoever draws. */
  readonly warnings: readonly Warning[];
}

const COUNT = `a whole number from 1 to ${MAX_COUNT}`;

const word = z.nullish(z.string("a word").check(z.minLength(1, "a word")));

const ImageBody = z.object({
  model: ModelName,
  prompt: z.string("a text").check(z.minLength(1, "a text")),
  n: z.nullish(
    z.int(COUNT).check(z.gte(1, COUNT), z.lte(MAX_COUNT, COUNT)),
  ),
  size: word,
  quality: word,
  response_format: z.nullish(
    z.enum(["url", "b64_json"], '"url" or "b64_json"'),
  ),
  stream: z.nullish(z.literal(false, "false: pictures come in one piece")),
});

/**
 * Reads the body of a request for pictures.
 *
 * @param body The body, parsed.
 * @returns The request.
 * @throws {Refusal} If it is wrong, with status 400.
 */
export function readImageRequest(
  body: Readonly<Record<string, unknown>>,
): ImageRequest {
  const fields = parseBody(ImageBody, body);
  const ignored = createIgnoredFields();
  ignored.note(body, Object.keys(ImageBody.shape));
  return {
    model: fields.model,
    prompt: fields.prompt,
    count: fields.n ?? 1,
    settings: {
      size: fields.size ?? undefined,
      quality: fields.quality ?? undefined,
    },
    format: fields.response_format ?? undefined,
    warnings: ignored.toWarnings(),
  };
}
