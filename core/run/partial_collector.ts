/**
 * What has come of an answer.
 *
 * @module
 */

import type { PartialAnswer } from "../chat/attempt.ts";
import type { Conversation } from "../chat/conversation.ts";
import { ProviderError } from "../chat/errors.ts";
import type { ToolCallDeltaEvent } from "../chat/events.ts";
import type { GeneratedImage } from "../chat/generated_image.ts";
import type { ResolvedLimits } from "../chat/provider_options.ts";
import { TextCollector } from "../streams/text_collector.ts";
import { NOTHING } from "../streams/values.ts";
import type { CallCollector } from "./call_collector.ts";

/** How much of a text is kept for a reader that streams, in characters. */
export const MAX_PARTIAL = 1024 * 1024;

/** What a picture takes at least, in bytes. */
const MIN_IMAGE = 1024;

/** What of an answer may begin anew. */
interface Content {
  text: TextCollector | undefined;
  reasoning?: TextCollector;
  calls?: CallCollector | undefined;
  images: readonly GeneratedImage[];
  length: number;
  imageBytes: number;
}

/**
 * Remembers what has come so far. Where nobody collects the answer, memory
 * stays flat: of a very long one only the beginning is kept.
 */
export interface PartialCollector {
  /** What it keeps at most. */
  readonly limits: PartialLimits;
  /** Makes what collects its calls, where it may have some. */
  readonly createCalls: ((limit: number) => CallCollector) | undefined;
  /**
   * Nothing is added to a text that is longer than this: with 0 its first piece is
   * kept, by which it is known that there is some. With `Infinity` everything is
   * kept, and what is more than the limits fails the run.
   */
  maxKept: number;
  /** What has come. */
  content: Content;
  /** What the caller can go on with, where the run has failed. */
  conversation?: Conversation | undefined;
  /** What has come and is held back, where there is such. */
  held?: () => PartialAnswer | undefined;
}

/** What a {@linkcode PartialCollector} keeps at most. */
export type PartialLimits = Pick<
  ResolvedLimits,
  "answerLength" | "answerImageBytes"
>;

/**
 * Makes the error of an answer that is too long to be kept.
 *
 * @param limit The limit.
 * @param unit What it counts.
 */
export function toTooLargeAnswer(limit: number, unit: string): ProviderError {
  return new ProviderError(`Answer is larger than ${limit} ${unit}`, {
    code: "too-large",
  });
}

/**
 * Tells what a picture takes.
 *
 * @param image The picture.
 * @returns Bytes.
 */
export function measureImage({ size = 0, url = "" }: GeneratedImage): number {
  // Most come as base64, and are kept so until somebody wants their bytes.
  return Math.max(Math.ceil(size * 4 / 3), url.length, MIN_IMAGE);
}

/** Makes what an answer begins with, also where it begins anew. */
export function createContent(): Content {
  return {
    text: undefined,
    images: NOTHING,
    length: 0,
    imageBytes: 0,
  };
}

/**
 * Makes a collector of one answer.
 *
 * @param limits What it keeps at most.
 * @param createCalls Makes what collects its calls, where it may have some.
 */
export function createPartialCollector(
  limits: PartialLimits,
  createCalls?: (limit: number) => CallCollector,
): PartialCollector {
  return {
    limits,
    createCalls,
    maxKept: Math.min(MAX_PARTIAL, limits.answerLength),
    content: createContent(),
  };
}

/**
 * Checks a text that stands for all that came.
 *
 * @param partial What has come.
 * @param length The characters of the text.
 * @throws {ProviderError} If everything is to be kept and is too long, with
 * code `too-large`.
 */
export function checkLength(
  { maxKept, limits: { answerLength } }: PartialCollector,
  length: number,
): void {
  if (maxKept === Infinity && length > answerLength) {
    throw toTooLargeAnswer(answerLength, "characters");
  }
}

/**
 * Counts what is kept elsewhere.
 *
 * @param partial What has come.
 * @param length Its characters.
 * @throws {ProviderError} As {@linkcode checkLength} does.
 */
export function addLength(partial: PartialCollector, length: number): void {
  partial.content.length += length;
  checkLength(partial, partial.content.length);
}

/**
 * Adds text.
 *
 * @param partial What has come.
 * @param type What it is.
 * @param text The text.
 * @throws {ProviderError} As {@linkcode checkLength} does.
 */
export function addText(
  partial: PartialCollector,
  type: "text" | "reasoning",
  text: string,
): void {
  const { content, maxKept, limits: { answerLength } } = partial;
  const collector = content[type] ??= new TextCollector();
  const room = answerLength - content.length;
  const isKept = maxKept < Infinity || text.length <= room;
  collector.add(
    isKept ? text : text.slice(0, Math.max(room, 0)).toWellFormed(),
    maxKept,
  );
  addLength(partial, text.length);
}

/**
 * Adds a picture.
 *
 * @param partial What has come.
 * @param image The picture.
 * @throws {ProviderError} If everything is to be kept and is too large, with
 * code `too-large`.
 */
export function addImage(
  { maxKept, content, limits: { answerImageBytes } }: PartialCollector,
  image: GeneratedImage,
): void {
  content.imageBytes += measureImage(image);
  if (content.imageBytes <= answerImageBytes) {
    content.images = content.images.concat(image);
  } else if (maxKept === Infinity) {
    throw toTooLargeAnswer(answerImageBytes, "bytes");
  }
}

/**
 * Adds a piece of a call.
 *
 * @param partial What has come.
 * @param piece The piece.
 * @throws {ProviderError} If the calls are too many or too long, with code
 * `too-large`.
 */
export function addCall(
  partial: PartialCollector,
  piece: ToolCallDeltaEvent,
): void {
  const { content, limits, createCalls } = partial;
  content.calls ??= createCalls?.(limits.answerLength);
  content.calls?.add(piece);
  addLength(partial, piece.text.length);
}

/**
 * Tells whether a text is all that came, and not but its beginning.
 *
 * @param partial What has come.
 * @param text The text of it.
 */
export function isWhole(partial: PartialCollector, text: string): boolean {
  return text.length <= partial.maxKept;
}

/**
 * Copies what has come.
 *
 * @param partial What has come.
 * @returns A copy that does not change any more.
 */
export function toPartialAnswer(
  { content, conversation }: PartialCollector,
): PartialAnswer {
  const { text, reasoning, images, calls } = content;
  return {
    text: `${text ?? ""}`,
    reasoning: `${reasoning ?? ""}`,
    images: [...images],
    toolCalls: calls?.toCalls() ?? [],
    ...(conversation && { conversation }),
  };
}
