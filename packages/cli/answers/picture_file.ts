import { type ContentPart, type GeneratedImage, toDataUrl } from "@parley/chat";
import { UsageError } from "../terminal/exit_code.ts";

/**
 * Reads a picture to show to a model.
 *
 * @param place The path of a file, or an http(s) URL.
 * @throws {UsageError} If the file cannot be read.
 */
export async function readPicture(place: string): Promise<ContentPart> {
  if (/^https?:\/\//i.test(place)) return { type: "image", image: place };
  try {
    return { type: "image", image: toDataUrl(await Deno.readFile(place)) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`Cannot read picture "${place}": ${reason}`);
  }
}

/** Puts a number before the extension of a path. */
function withNumber(path: string, count: number): string {
  return count === 1 ? path : path.replace(/(\.[^./\\]*)?$/, `-${count}$1`);
}

/**
 * Writes a picture to a file.
 *
 * @param image The picture.
 * @param path The file; it is replaced.
 * @param count Which picture of the answer it is: each has a file of its own.
 * @param signal Ends it.
 * @returns The path.
 */
export async function writePicture(
  image: GeneratedImage,
  path: string,
  count: number,
  signal: AbortSignal,
): Promise<string> {
  const numbered = withNumber(path, count);
  await Deno.writeFile(numbered, await image.bytes({ signal }));
  return numbered;
}

/**
 * Writes a picture to a file of a free name.
 *
 * @param image The picture.
 * @param folder Where the file goes.
 * @param signal Ends it.
 * @returns The path.
 */
export async function keepPicture(
  image: GeneratedImage,
  folder: string,
  signal: AbortSignal,
): Promise<string> {
  const bytes = await image.bytes({ signal });
  const [, kind = "png"] = /^image\/(\w+)/.exec(image.mediaType ?? "") ?? [];
  for (let count = 1;; count++) {
    const name = `picture.${kind.replace("jpeg", "jpg")}`;
    const path = withNumber(`${folder}/${name}`, count);
    try {
      await Deno.writeFile(path, bytes, { createNew: true });
      return path;
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    }
  }
}
