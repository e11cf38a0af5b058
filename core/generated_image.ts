/**
 * A picture of an answer.
 *
 * @module
 */

import { decodeBase64, encodeBase64 } from "./base64.ts";
import { ProviderError } from "./errors.ts";
import { detectMediaType, fromDataUrl, isDataUrl, toDataUrl } from "./media.ts";

/** Options for {@linkcode GeneratedImage.bytes}. */
export interface DownloadOptions {
  /** Ends the download: it then rejects with `signal.reason`. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * A picture that a model made. Where only its URL is known it is downloaded
 * when its bytes are first asked for, and only once.
 */
export interface GeneratedImage {
  /** Where the upstream keeps it; such URLs often expire. */
  readonly url?: string;
  /** Its media type as its bytes tell; known once they are. */
  readonly mediaType?: string;
  /** What it shows, in the caller's words. */
  readonly prompt: string;
  /**
   * Gives the bytes.
   *
   * @throws {ProviderError} If the URL must not be fetched, with code
   * `unsafe-url`; if there is no picture, with code `bad-image`; if it is too
   * large, with code `too-large`.
   */
  bytes(options?: DownloadOptions): Promise<Uint8Array<ArrayBuffer>>;
  /** Gives the bytes as base64; throws as {@linkcode GeneratedImage.bytes}. */
  base64(options?: DownloadOptions): Promise<string>;
  /** Gives a `data:` URL; throws as {@linkcode GeneratedImage.bytes}. */
  dataUrl(options?: DownloadOptions): Promise<string>;
  /** What is known now: `dataUrl` only where the bytes are. */
  toJSON(): {
    url?: string;
    mediaType?: string;
    prompt: string;
    dataUrl?: string;
  };
}

/** Where the bytes of a picture are: an `http(s):` or `data:` URL, or base64. */
export type ImageSource =
  | { readonly url: string }
  | { readonly base64: string };

/** Downloads the bytes behind a URL. */
export type Download = (
  url: string,
  options?: DownloadOptions,
) => Promise<Uint8Array<ArrayBuffer>>;

/** Tells bytes by themselves, whatever was said of their type. */
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
  throw new ProviderError(`Image is refused: ${kind}`, { code: "bad-image" });
}

/** A picture whose bytes come when they are asked for. */
export class LazyImage implements GeneratedImage {
  readonly prompt: string;
  declare readonly url?: string;
  declare mediaType?: string;
  readonly #source: ImageSource;
  readonly #download: Download;
  #bytes: Uint8Array<ArrayBuffer> | undefined;
  #loading: Promise<Uint8Array<ArrayBuffer>> | undefined;

  constructor(source: ImageSource, prompt: string, download: Download) {
    this.prompt = prompt;
    this.#source = source;
    this.#download = download;
    if ("url" in source && !isDataUrl(source.url)) this.url = source.url;
  }

  bytes(options?: DownloadOptions): Promise<Uint8Array<ArrayBuffer>> {
    // What failed can be asked for again.
    this.#loading ??= this.#load(options).finally(() =>
      this.#loading = undefined
    );
    return this.#loading;
  }

  async base64(options?: DownloadOptions): Promise<string> {
    return encodeBase64(await this.bytes(options));
  }

  async dataUrl(options?: DownloadOptions): Promise<string> {
    return toDataUrl(await this.bytes(options), this.mediaType);
  }

  toJSON(): ReturnType<GeneratedImage["toJSON"]> {
    return {
      ...(this.url !== undefined && { url: this.url }),
      ...(this.mediaType !== undefined && { mediaType: this.mediaType }),
      prompt: this.prompt,
      ...(this.#bytes && { dataUrl: toDataUrl(this.#bytes, this.mediaType) }),
    };
  }

  async #load(options?: DownloadOptions): Promise<Uint8Array<ArrayBuffer>> {
    if (this.#bytes !== undefined) return this.#bytes;
    const bytes = this.url === undefined
      ? this.#decode()
      : await this.#download(this.url, options);
    this.mediaType = checkImage(bytes);
    this.#bytes = bytes;
    return bytes;
  }

  #decode(): Uint8Array<ArrayBuffer> {
    try {
      return "base64" in this.#source
        ? decodeBase64(this.#source.base64)
        : fromDataUrl(this.#source.url);
    } catch {
      throw new ProviderError("Image is refused: its encoding is malformed", {
        code: "bad-image",
      });
    }
  }
}
