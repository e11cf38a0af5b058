/**
 * Pictures in the form of OpenAI's image generations.
 *
 * @module
 */

import type { RunContext } from "../chat/definition.ts";
import type { ChatEvent } from "../chat/events.ts";
import type { UpstreamRequest } from "../chat/exchange.ts";
import type { ImageSource } from "../chat/generated_image.ts";
import { findError } from "../http/find_error.ts";
import { toImage } from "../run/images.ts";
import { toLastText } from "../chat/prompt.ts";
import { isList, isObject } from "../streams/values.ts";
import { toImageSource } from "./part_forms.ts";

/**
 * Finds the pictures in `{"data":[{"url"}|{"b64_json"}…]}`, in `images`, or in
 * such a list alone; each may also be a URL or base64 by itself.
 *
 * @param run The run.
 * @param value The parsed JSON of the answer.
 * @returns Where they are, in order; entries without a picture are left out.
 * @throws {ProviderError} If there is none, with code `bad-response`, or with
 * that of the failure where the upstream says why.
 *
 * @example
 * ```ts
 * import { defineProvider, readOpenAiImages, toImage } from "@parley/chat/provider";
 * import { assertEquals } from "@std/assert";
 *
 * const painter = defineProvider({
 *   id: "Painter",
 *   label: "Painter",
 *   url: "https://painter.example",
 *   baseUrl: "https://painter.example",
 *   working: true,
 *   defaultModel: "oil",
 *   models: ["oil"],
 *   imageModels: ["oil"],
 *   async *respond(run) {
 *     const json = { model: run.model, prompt: "a dot" };
 *     const response = await run.post("/v1/images/generations", { json });
 *     for (const source of readOpenAiImages(run, await response.json())) {
 *       const image = toImage(run, { ...source, prompt: json.prompt });
 *       yield { type: "image", image };
 *     }
 *     yield { type: "finish", reason: "stop" };
 *   },
 * }, {
 *   fetch: () =>
 *     Promise.resolve(
 *       Response.json({ data: [{ url: "https://painter.example/1.png" }] }),
 *     ),
 * });
 * const { images } = await painter.generate("A dot");
 * assertEquals(images[0]?.url, "https://painter.example/1.png");
 * ```
 */
export function readOpenAiImages(
  run: RunContext,
  value: unknown,
): readonly ImageSource[] {
  const { data, images } = isObject(value) ? value : { data: value };
  // Some servers write the same pictures under both names.
  const list = isList(data) && data.length > 0 ? data : images;
  const entries = isList(list) ? list : [];
  const sources = entries.map((entry) => toImageSource(entry))
    .filter((source) => source !== undefined);
  if (sources.length > 0) return sources;
  // Some servers say it of each picture.
  const failed = [value, ...entries].find((part) => findError(part));
  throw run.toUpstreamError(failed, { reason: "Answer has no picture" });
}

/**
 * Has the model draw what the last message says.
 *
 * @param run The run.
 * @param path Where pictures are asked for.
 * @param fields What the request holds beside prompt and model.
 * @param headers Headers of the request.
 * @returns What `respond` can yield as it is.
 */
export async function* drawOpenAiImages(
  run: RunContext,
  path: string,
  fields: Readonly<Record<string, unknown>>,
  headers: UpstreamRequest["headers"] = {},
): AsyncGenerator<ChatEvent, void, undefined> {
  const prompt = toLastText(run.messages);
  const response = await run.post(path, {
    headers,
    json: { prompt, model: run.model, ...fields },
    collected: true,
  });
  for (const source of readOpenAiImages(run, await response.json())) {
    yield { type: "image", image: toImage(run, { ...source, prompt }) };
  }
  yield { type: "finish", reason: "stop" };
}
