/**
 * A picture of an answer. Types only.
 *
 * @module
 */

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
  /** Its media type, by its bytes; known once they are. */
  readonly mediaType?: string;
  /** How many bytes it has, as far as they are here already. */
  readonly size?: number | undefined;
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
