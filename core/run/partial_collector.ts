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
import {
  createTextCollector,
  type TextCollector,
} from "../streams/text_collector.ts";
import type { CallCollector } from "./call_collector.ts";

/** How much of a text is kept for a reader that streams, in characters. */
export const MAX_PARTIAL = 1024 * 1024;

/** What a picture takes at least, in bytes. */
const MIN_IMAGE = 1024;

/**
 * Remembers what has come so far. Where nobody collects the answer, memory
 * stays flat: of a very long one only the beginning is kept.
 */
export interface PartialCollector {
  /** What the caller can go on with, where the run has failed. */
  conversation: Conversation | undefined;
  /** What has come and is held back, where there is such. */
  held: (() => PartialAnswer | undefined) | undefined;
  /** Keeps everything from now on; what is more than the limits fails the run. */
  keepAll(): void;
  /**
   * Adds text.
   *
   * @param type What it is.
   * @param text The text.
   * @throws {ProviderError} If everything is to be kept and is too long, with
   * code `too-large`.
   */
  add(type: "text" | "reasoning", text: string): void;
  /**
   * Counts what is kept elsewhere.
   *
   * @param length Its characters.
   * @throws {ProviderError} As `add` does.
   */
  count(length: number): void;
  /**
   * Checks the text that stands for all that came.
   *
   * @param text The text.
   * @throws {ProviderError} As `add` does.
   */
  checkFinal(text: string): void;
  /**
   * Adds a picture.
   *
   * @param image The picture.
   * @throws {ProviderError} If everything is to be kept and is too large, with
   * code `too-large`.
   */
  addImage(image: GeneratedImage): void;
  /**
   * Adds a piece of a call.
   *
   * @param piece The piece.
   * @throws {ProviderError} If the calls are too many or too long, with code
   * `too-large`.
   */
  addCall(piece: ToolCallDeltaEvent): void;
  /** Forgets everything: the answer begins anew. */
  restart(): void;
  /** A copy that does not change any more. */
  toAnswer(): PartialAnswer;
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

function createContent() {
  return {
    text: undefined as TextCollector | undefined,
    reasoning: undefined as TextCollector | undefined,
    images: [] as GeneratedImage[],
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
  { answerLength, answerImageBytes }: PartialLimits,
  createCalls?: (limit: number) => CallCollector,
): PartialCollector {
  let content = createContent();
  let calls: CallCollector | undefined;
  let isCollected = false;

  function count(length: number): void {
    content.length += length;
    checkLength(content.length);
  }

  function checkLength(length: number): void {
    if (isCollected && length > answerLength) {
      throw toTooLargeAnswer(answerLength, "characters");
    }
  }

  const collector: PartialCollector = {
    conversation: undefined,
    held: undefined,
    keepAll() {
      isCollected = true;
    },
    add(type, text) {
      const collector = content[type] ??= createTextCollector();
      const room = answerLength - content.length;
      if (!isCollected) {
        collector.add(text, Math.min(MAX_PARTIAL, answerLength));
      } else if (text.length <= room) collector.add(text);
      else collector.add(text.slice(0, Math.max(room, 0)).toWellFormed());
      count(text.length);
    },
    count,
    checkFinal: (text) => checkLength(text.length),
    addImage(image) {
      content.imageBytes += measureImage(image);
      if (content.imageBytes <= answerImageBytes) content.images.push(image);
      else if (isCollected) throw toTooLargeAnswer(answerImageBytes, "bytes");
    },
    addCall(piece) {
      calls ??= createCalls?.(answerLength);
      calls?.add(piece);
      count(piece.text.length);
    },
    restart() {
      content = createContent();
      calls = undefined;
    },
    toAnswer: () => ({
      text: `${content.text ?? ""}`,
      reasoning: `${content.reasoning ?? ""}`,
      images: [...content.images],
      toolCalls: calls?.toCalls() ?? [],
      ...(collector.conversation && { conversation: collector.conversation }),
    }),
  };
  return collector;
}
