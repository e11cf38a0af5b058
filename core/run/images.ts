/**
 * The pictures of a run.
 *
 * @module
 */

import type { RunContext } from "../chat/definition.ts";
import { download } from "../http/download.ts";
import type { GeneratedImage, ImageSource } from "../chat/generated_image.ts";
import { LazyImage } from "./lazy_image.ts";
import { toScope } from "./run_context.ts";
import { OpenScope } from "../http/scope.ts";
import type { ProviderConfig } from "../http/provider_config.ts";

/** A picture to be made: where its bytes are, and what it shows. */
export type ImageInit = ImageSource & {
  /** What it shows, in the caller's words. */
  readonly prompt: string;
};

/** Downloads a picture outside any run, under clocks of its own. */
async function downloadLater(
  url: string,
  prompt: string,
  config: ProviderConfig,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const scope = new OpenScope(config, { signal });
  scope.redactor.prompts.push(prompt);
  try {
    scope.start();
    scope.clocks.wait();
    return await download(url, scope);
  } finally {
    scope.close();
  }
}

/**
 * Makes a picture that is downloaded when its bytes are asked for, with the
 * options of the provider.
 *
 * @param run The run.
 * @param image Where its bytes are, and what it shows.
 * @returns The picture.
 *
 * @example
 * ```ts
 * import { defineProvider, toImage } from "@parley/chat/provider";
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
 *     const response = await run.post("/paint", { json: run.messages });
 *     const base64 = await response.text();
 *     yield { type: "image", image: toImage(run, { base64, prompt: "a dot" }) };
 *     yield { type: "finish", reason: "stop" };
 *   },
 * }, {
 *   fetch: () => Promise.resolve(new Response("R0lGODlhAQABAAAAACw=")),
 * });
 * const { images: [image] } = await painter.generate("A dot");
 * await image?.bytes();
 * assertEquals(image?.mediaType, "image/gif");
 * ```
 */
export function toImage(run: RunContext, image: ImageInit): GeneratedImage {
  const { config } = toScope(run);
  return new LazyImage(image, {
    prompt: image.prompt,
    maxBytes: config.limits.imageBytes,
    download: (url, signal) => downloadLater(url, image.prompt, config, signal),
  });
}

/**
 * Makes a picture and downloads it as part of the run.
 *
 * @param run The run.
 * @param image Where its bytes are, and what it shows.
 * @returns The picture.
 * @throws {ProviderError} If there is no picture to be had.
 *
 * @example
 * ```ts
 * import { defineProvider, downloadImage } from "@parley/chat/provider";
 * import { assertRejects } from "@std/assert";
 *
 * const painter = defineProvider({
 *   id: "Painter",
 *   label: "Painter",
 *   url: "https://painter.example",
 *   baseUrl: "https://painter.example",
 *   working: true,
 *   defaultModel: "oil",
 *   models: ["oil"],
 *   async *respond(run) {
 *     const image = { url: "http://10.0.0.1/picture.png", prompt: "a dot" };
 *     yield { type: "image", image: await downloadImage(run, image) };
 *     yield { type: "finish", reason: "stop" };
 *   },
 * });
 * await assertRejects(() => painter.generate("A dot"), Error, "not public");
 * ```
 */
export async function downloadImage(
  run: RunContext,
  image: ImageInit,
): Promise<GeneratedImage> {
  const scope = toScope(run);
  const lazy = new LazyImage(image, {
    prompt: image.prompt,
    maxBytes: scope.config.limits.imageBytes,
    download: (url) => download(url, scope),
  });
  await lazy.bytes();
  return lazy;
}
