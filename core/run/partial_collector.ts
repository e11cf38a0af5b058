/**
 * What has come of an answer.
 *
 * @module
 */

import type { Conversation } from "../chat/conversation.ts";
import type { GeneratedImage } from "../chat/generated_image.ts";
import type { CallCollector } from "./call_collector.ts";
import type { PartialAnswer } from "../chat/attempt.ts";
import type { ToolCallDeltaEvent } from "../chat/events.ts";
import { createTextCollector } from "../streams/text_collector.ts";

/** How much of a text is kept for a reader that streams, in characters. */
export const MAX_PARTIAL = 4 * 1024 * 1024;

/**
 * Remembers what has come so far. Where nobody collects the answer, memory
 * stays flat: of a very long text only the beginning is kept.
 */
export interface PartialCollector {
  /** What the caller can go on with, where the run has failed. */
  conversation: Conversation | undefined;
  /** Keeps everything from now on. */
  keepAll(): void;
  /**
   * Adds text.
   *
   * @param type What it is.
   * @param text The text.
   */
  add(type: "text" | "reasoning", text: string): void;
  /**
   * Adds a picture.
   *
   * @param image The picture.
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

function createTexts() {
  return { text: createTextCollector(), reasoning: createTextCollector() };
}

/**
 * Makes a collector of one answer.
 *
 * @param createCalls Makes what collects its calls, where it may have some.
 */
export function createPartialCollector(
  createCalls?: () => CallCollector,
): PartialCollector {
  let texts = createTexts();
  let images: GeneratedImage[] = [];
  let calls = createCalls?.();
  let limit = MAX_PARTIAL;
  const collector: PartialCollector = {
    conversation: undefined,
    keepAll() {
      limit = Infinity;
    },
    add: (type, text) => texts[type].add(text, limit),
    addImage: (image) => void images.push(image),
    addCall: (piece) => calls?.add(piece),
    restart() {
      texts = createTexts();
      images = [];
      calls = createCalls?.();
    },
    toAnswer: () => ({
      text: texts.text.toString(),
      reasoning: texts.reasoning.toString(),
      images: [...images],
      toolCalls: calls?.toCalls() ?? [],
      ...(collector.conversation && { conversation: collector.conversation }),
    }),
  };
  return collector;
}
