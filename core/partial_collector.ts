/**
 * What has come of an answer.
 *
 * @module
 */

import type { GeneratedImage } from "./generated_image.ts";
import type { PartialAnswer } from "./results.ts";
import { TextCollector } from "./text_collector.ts";

/** How much of a text is kept for a reader that streams, in characters. */
const MAX_PARTIAL = 4 * 1024 * 1024;

/**
 * Remembers what has come so far. Where nobody collects the answer, memory
 * stays flat: of a very long text only the beginning is kept.
 */
export class PartialCollector {
  readonly #texts = {
    text: new TextCollector(),
    reasoning: new TextCollector(),
  };
  readonly #images: GeneratedImage[] = [];
  #limit = MAX_PARTIAL;

  /** Keeps everything from now on. */
  keepAll(): void {
    this.#limit = Infinity;
  }

  /**
   * Adds text.
   *
   * @param type What it is.
   * @param text The text.
   */
  add(type: "text" | "reasoning", text: string): void {
    this.#texts[type].add(text, this.#limit);
  }

  /**
   * Adds a picture.
   *
   * @param image The picture.
   */
  addImage(image: GeneratedImage): void {
    this.#images.push(image);
  }

  /** A copy that does not change any more. */
  toAnswer(): PartialAnswer {
    const { text, reasoning } = this.#texts;
    return {
      text: text.toString(),
      reasoning: reasoning.toString(),
      images: [...this.#images],
    };
  }
}
