/**
 * What has come of an answer.
 *
 * @module
 */

import type { GeneratedImage } from "./generated_image.ts";
import type { PartialAnswer } from "./results.ts";

/** How much of a text is kept for a reader that streams, in characters. */
const MAX_PARTIAL = 4 * 1024 * 1024;

/** How many fragments are joined at a time: joined they take far less memory. */
const FRAGMENTS = 1000;

/** Collects a text in fragments. */
class Collector {
  #blocks: string[] = [];
  #fragments: string[] = [];
  #length = 0;

  add(fragment: string, limit: number): void {
    if (this.#length >= limit) return;
    this.#length += fragment.length;
    if (this.#fragments.push(fragment) < FRAGMENTS) return;
    this.#blocks.push(this.#fragments.join(""));
    this.#fragments = [];
  }

  toString(): string {
    this.#blocks = [this.#blocks.join("") + this.#fragments.join("")];
    this.#fragments = [];
    return this.#blocks.join("");
  }
}

/**
 * Remembers what has come so far. Where nobody collects the answer, memory
 * stays flat: of a very long text only the beginning is kept.
 */
export class PartialCollector {
  readonly #texts = { text: new Collector(), reasoning: new Collector() };
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
