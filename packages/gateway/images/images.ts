/**
 * `POST /v1/images/generations`
 *
 * @module
 */

import {
  type ChatOptions,
  type ChatResult,
  type ChatStream,
  type Clock,
  type GeneratedImage,
  type ImageOptions,
  ProviderError,
} from "@parley/chat";
import type { Handler } from "hono";
import { toWebUrl } from "../chat/completion_parts.ts";
import { Refusal, toFailureResponse } from "../http/failures.ts";
import type { GatewayEnvironment } from "../http/gateway_environment.ts";
import { toJsonResponse } from "../http/json_response.ts";
import { type ImageRequest, readImageRequest } from "./image_request.ts";
import type { ModelCatalog, ServedModel } from "../models/model_catalog.ts";

/** What pictures are made with. */
export interface ImageDependencies {
  /** The models. */
  readonly catalog: ModelCatalog;
  /** The longest wait that an upstream may ask for, in milliseconds. */
  readonly maxRetryDelay: number;
  /** Where time comes from. */
  readonly clock: Clock;
}

/** A picture as OpenAI writes it. */
interface ImageData {
  readonly url?: string;
  readonly b64_json?: string;
}

/** The longest picture that is sent both as base64 and as a URL of that. */
const MAX_TWICE = 1_048_576;

/** The most characters of all pictures of an answer. */
const MAX_SIZE = 67_108_864;

/**
 * Draws all pictures, those at once that one answer leaves out. Where one fails,
 * the others are ended.
 *
 * @param streams Gets what is asked for, of which a failure tells only its own.
 */
async function draw(
  { restartingProvider: provider, model }: ServedModel,
  { prompt, count, settings, format }: ImageRequest,
  { signal, maxRetryDelay }: Required<
    Pick<ChatOptions, "signal" | "maxRetryDelay">
  >,
  streams: ChatStream[],
): Promise<{ results: readonly ChatResult[]; data: readonly ImageData[] }> {
  const controller = new AbortController();
  const either = AbortSignal.any([signal, controller.signal]);
  try {
    const ask = (image: ImageOptions) => {
      const options = { model, image, maxRetryDelay, signal: either };
      const stream = provider.stream(prompt, options);
      streams.push(stream);
      return stream.result();
    };
    const first = await ask(count === 1 ? settings : { ...settings, count });
    const missing = Math.max(count - first.images.length, 0);
    const others = await Promise.all(
      Array.from({ length: missing }, () => ask(settings)),
    );
    const results = [first, ...others];
    const images = results.flatMap(({ images }) => images).slice(0, count);
    if (images.length === 0) {
      throw new ProviderError("Answer has no picture", {
        code: "bad-response",
      });
    }
    const data = await Promise.all(
      images.map((image) => toData(image, format, either)),
    );
    checkSize(data);
    return { results, data };
  } finally {
    controller.abort();
  }
}

/** Downloads a picture, unless its URL alone is asked for. */
async function toData(
  image: GeneratedImage,
  format: ImageRequest["format"],
  signal: AbortSignal,
): Promise<ImageData> {
  const webUrl = toWebUrl(image);
  if (format === "url") {
    return { url: webUrl ?? await image.dataUrl({ signal }) };
  }
  const base64 = await image.base64({ signal });
  const isOnce = format === "b64_json" ||
    (webUrl === undefined && base64.length > MAX_TWICE);
  return {
    ...(!isOnce && { url: webUrl ?? await image.dataUrl({ signal }) }),
    b64_json: base64,
  };
}

/** Refuses more than an answer of JSON can well hold. */
function checkSize(data: readonly ImageData[]): void {
  const size = data.reduce(
    (sum, { url = "", b64_json = "" }) => sum + url.length + b64_json.length,
    0,
  );
  if (size <= MAX_SIZE) return;
  throw new ProviderError(
    `Pictures are larger than ${MAX_SIZE} characters in all`,
    { code: "too-large" },
  );
}

/**
 * Makes the handler of requests for pictures.
 *
 * @param dependencies What they are made with.
 * @returns The handler.
 */
export function createImageHandler(
  { catalog, maxRetryDelay, clock }: ImageDependencies,
): Handler<GatewayEnvironment> {
  return async ({ var: { body, lifetime } }) => {
    const created = Math.floor(clock.now() / 1_000);
    const request = readImageRequest(body);
    const served = catalog.find(request.model);
    const { details } = lifetime;
    details.model = served.id;
    if (!served.makesImages) {
      throw new Refusal(400, {
        message: "Model makes no pictures",
        param: "model",
        code: "unsupported_value",
      });
    }
    const streams: ChatStream[] = [];
    try {
      const { results, data } = await draw(served, request, {
        signal: lifetime.signal,
        maxRetryDelay,
      }, streams);
      details.provider = results[0]?.provider;
      // Pictures that were asked for one by one have the same warnings.
      const warnings = [
        ...request.warnings,
        ...results.at(-1)?.warnings ?? [],
      ];
      return toJsonResponse({
        created,
        data,
        warnings: warnings.length > 0 ? warnings : undefined,
      });
    } catch (error) {
      return toFailureResponse(error, lifetime, served.isFailover);
    } finally {
      details.attempts = streams.flatMap(({ attempts }) => attempts);
    }
  };
}
