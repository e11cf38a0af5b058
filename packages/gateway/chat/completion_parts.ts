/**
 * What streamed and collected answers write alike.
 *
 * @module
 */

import type { FinishReason, GeneratedImage, Warning } from "@parley/chat";

/** The words of OpenAI. What was interrupted is cut. */
const REASONS: Readonly<Record<FinishReason, string>> = {
  "stop": "stop",
  "length": "length",
  "content-filter": "content_filter",
  "tool-calls": "tool_calls",
  "interrupted": "length",
  "other": "stop",
};

/** Reasons for which OpenAI has no word, so that they are sent beside its. */
const OWN_REASONS: readonly FinishReason[] = ["interrupted", "other"];

/**
 * Writes why an answer ended as OpenAI does, and, where that loses what it
 * means, as routers do that stand before several upstreams.
 *
 * @param reason Why.
 * @returns The fields of a choice.
 */
export function toReasonFields(reason: FinishReason): {
  readonly finish_reason: string;
  readonly native_finish_reason?: string;
} {
  return {
    finish_reason: REASONS[reason],
    ...(OWN_REASONS.includes(reason) && { native_finish_reason: reason }),
  };
}

/**
 * Finds the address of a picture that any client may be given: an upstream may
 * send one that runs a script where it is opened.
 *
 * @param image The picture.
 * @returns Its URL, where that is `http:` or `https:`.
 */
export function toWebUrl({ url }: GeneratedImage): string | undefined {
  return url !== undefined && /^https?:\/\//i.test(url) ? url : undefined;
}

/** A picture as the part of a message. */
export interface ImageUrlPart {
  /** The kind of part. */
  readonly type: "image_url";
  /** The picture. */
  readonly image_url: {
    /** An `http(s):` or `data:` URL. */
    readonly url: string;
  };
}

/** Says that a picture cannot be handed on. */
export const LEFT_OUT: Warning = {
  code: "ignored-part",
  message: "A picture of the answer was left out: it is none, or at no web URL",
};

/**
 * Writes pictures as parts of a message. OpenAI's answers have none; others
 * send them like this, in `images`.
 *
 * @param images The pictures.
 * @returns The parts; of a picture that is none there is no part.
 */
export function toImageParts(
  images: readonly GeneratedImage[],
): readonly ImageUrlPart[] {
  return images.flatMap((image) => {
    const address = toWebUrl(image) ?? image.toJSON().dataUrl;
    return address === undefined
      ? []
      : [{ type: "image_url", image_url: { url: address } }];
  });
}
