/**
 * A picture whose bytes come when they are asked for.
 *
 * @module
 */

import { abortable } from "../streams/abortable.ts";
import { encodeBase64 } from "../streams/base64.ts";
import type {
  DownloadOptions,
  GeneratedImage,
  ImageSource,
} from "../chat/generated_image.ts";
import { refuseImage, tooLargeImage } from "../http/image_errors.ts";
import {
  detectMediaType,
  fromDataUrl,
  isDataUrl,
  toDataUrl,
} from "../streams/media.ts";

/** Finds the type of bytes in them, whatever was said of it. */
export function checkImage(bytes: Uint8Array): string {
  const mediaType = detectMediaType(bytes);
  if (mediaType !== undefined) return mediaType;
  const beginning = new TextDecoder().decode(bytes.subarray(0, 256)).trim();
  const kind = bytes.length === 0
    ? "it is empty"
    : /^<(?:\?xml|!--|svg)/i.test(beginning)
    ? "it is SVG or XML"
    : beginning.startsWith("<")
    ? "it is a page"
    : /^[[{]/.test(beginning)
    ? "it is JSON"
    : "its bytes are of no known type";
  throw refuseImage(kind);
}

/** Options for {@linkcode LazyImage}. */
export interface LazyImageOptions {
  /** What it shows. */
  readonly prompt: string;
  /** The most bytes that are decoded. */
  readonly maxBytes: number;
  /** Downloads what is known by its URL only. */
  readonly download: (
    url: string,
    signal: AbortSignal,
  ) => Promise<Uint8Array<ArrayBuffer>>;
}

/** A download that several callers wait for. */
interface Loading {
  readonly bytes: Promise<Uint8Array<ArrayBuffer>>;
  readonly controller: AbortController;
  waiting: number;
}

/** A picture whose bytes come when they are asked for. */
export class LazyImage implements GeneratedImage {
  readonly prompt: string;
  declare readonly url?: string;
  declare mediaType?: string;
  readonly #options: LazyImageOptions;
  /** Where the bytes are, unless they are behind a URL: a data URL. */
  #dataUrl: string | undefined;
  #bytes: Uint8Array<ArrayBuffer> | undefined;
  #loading: Loading | undefined;

  constructor(source: ImageSource, options: LazyImageOptions) {
    this.prompt = options.prompt;
    this.#options = options;
    if ("base64" in source) this.#dataUrl = `data:;base64,${source.base64}`;
    else if (isDataUrl(source.url)) this.#dataUrl = source.url;
    else this.url = source.url;
  }

  get size(): number | undefined {
    if (this.#dataUrl === undefined) return this.#bytes?.length;
    // Four characters of base64 are three bytes.
    return Math.ceil(this.#dataUrl.length * 3 / 4);
  }

  async bytes(
    { signal }: DownloadOptions = {},
  ): Promise<Uint8Array<ArrayBuffer>> {
    signal?.throwIfAborted();
    if (this.#bytes !== undefined) return this.#bytes;
    if (this.url === undefined) return this.#decode();
    const loading = this.#loading ??= this.#load(this.url);
    const { bytes, controller } = loading;
    loading.waiting++;
    try {
      return await (signal === undefined ? bytes : abortable(bytes, signal));
    } finally {
      // The last one who leaves ends the download, and what failed can be
      // asked for again.
      if (--loading.waiting === 0) {
        controller.abort();
        this.#loading = undefined;
      }
    }
  }

  async base64(options?: DownloadOptions): Promise<string> {
    return encodeBase64(await this.bytes(options));
  }

  async dataUrl(options?: DownloadOptions): Promise<string> {
    return toDataUrl(await this.bytes(options), this.mediaType);
  }

  toJSON(): ReturnType<GeneratedImage["toJSON"]> {
    try {
      if (this.#dataUrl !== undefined) this.#decode();
    } catch {
      // What is no picture has no data URL.
    }
    const bytes = this.#bytes;
    return {
      ...this,
      ...(bytes && { dataUrl: toDataUrl(bytes, this.mediaType) }),
    };
  }

  #load(url: string): Loading {
    const controller = new AbortController();
    const bytes = this.#options.download(url, controller.signal)
      .then((bytes) => this.#keep(bytes));
    return { bytes, controller, waiting: 0 };
  }

  #decode(): Uint8Array<ArrayBuffer> {
    const { maxBytes } = this.#options;
    const dataUrl = this.#dataUrl ?? "";
    if (dataUrl.length > maxBytes * 4 / 3 + 64) throw tooLargeImage(maxBytes);
    let bytes: Uint8Array<ArrayBuffer>;
    try {
      bytes = fromDataUrl(dataUrl);
    } catch {
      throw refuseImage("its encoding is malformed");
    }
    if (bytes.length > maxBytes) throw tooLargeImage(maxBytes);
    return this.#keep(bytes);
  }

  #keep(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    this.mediaType = checkImage(bytes);
    this.#dataUrl = undefined;
    return this.#bytes = bytes;
  }
}
