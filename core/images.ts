/**
 * The pictures of a run.
 *
 * @module
 */

import type { RunContext } from "./definition.ts";
import { download } from "./download.ts";
import {
  type DownloadOptions,
  type GeneratedImage,
  type ImageSource,
  LazyImage,
} from "./generated_image.ts";
import { toScope } from "./run_context.ts";
import { Scope } from "./scope.ts";
import type { Settings } from "./settings.ts";

/** Downloads a picture outside any run, under clocks of its own. */
async function downloadLater(
  url: string,
  settings: Settings,
  { signal }: DownloadOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const scope = new Scope(settings, { signal });
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
 * @param source Where its bytes are.
 * @param prompt What it shows.
 * @returns The picture.
 */
export function toImage(
  run: RunContext,
  source: ImageSource,
  prompt: string,
): GeneratedImage {
  const { settings } = toScope(run);
  return new LazyImage(
    source,
    prompt,
    (url, options) => downloadLater(url, settings, options),
  );
}

/**
 * Makes a picture and downloads it as part of the run.
 *
 * @param run The run.
 * @param source Where its bytes are.
 * @param prompt What it shows.
 * @returns The picture.
 * @throws {ProviderError} If there is no picture to be had.
 */
export async function downloadImage(
  run: RunContext,
  source: ImageSource,
  prompt: string,
): Promise<GeneratedImage> {
  const scope = toScope(run);
  const image = new LazyImage(source, prompt, (url) => download(url, scope));
  await image.bytes();
  return image;
}
