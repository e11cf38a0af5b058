/** The longest side that models look at. */
const MAX_SIDE = 1_536;

/** What browsers show, models see and that need not be written anew. */
const KNOWN = ["image/png", "image/jpeg", "image/webp"];

/** How large a picture may be. */
export interface PictureSize {
  /** Its width, in pixels. */
  readonly width: number;
  /** Its height, in pixels. */
  readonly height: number;
}

/**
 * Makes a picture so small that no side is longer than it may be.
 *
 * @param size How large it is.
 * @param side The longest side.
 * @returns How large it becomes, in the same proportions.
 */
export function fitSize(
  { width, height }: PictureSize,
  side: number,
): PictureSize {
  const factor = Math.min(1, side / Math.max(width, height));
  return {
    width: Math.max(1, Math.round(width * factor)),
    height: Math.max(1, Math.round(height * factor)),
  };
}

/**
 * Reads a picture, and makes it smaller where it is too large.
 *
 * @param file The picture.
 * @param limit The most characters of its address.
 * @returns A `data:` URL; nothing where it is no picture.
 */
export async function scalePicture(
  file: Blob,
  limit: number,
): Promise<string | undefined> {
  const bitmap = await createImageBitmap(file).catch(() => undefined);
  if (bitmap === undefined) return undefined;
  const isSmall = Math.max(bitmap.width, bitmap.height) <= MAX_SIDE;
  // Base64 needs four characters for three bytes.
  if (isSmall && KNOWN.includes(file.type) && file.size * 4 / 3 < limit - 100) {
    return await toDataUrl(file);
  }
  for (let side = MAX_SIDE; side >= 64; side /= 1.5) {
    const address = draw(bitmap, fitSize(bitmap, side));
    if (address.length <= limit) return address;
  }
  return undefined;
}

function draw(bitmap: ImageBitmap, { width, height }: PictureSize): string {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width, height });
  const context = canvas.getContext("2d");
  if (context === null) return "";
  // A JPEG has no transparency, and what is seen through would be black.
  context.fillStyle = "white";
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, width, height);
  return canvas.toDataURL("image/jpeg", 0.85);
}

function toDataUrl(file: Blob): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const reader = new FileReader();
  reader.onload = () => resolve(String(reader.result));
  reader.onerror = () => reject(reader.error);
  reader.readAsDataURL(file);
  return promise;
}
