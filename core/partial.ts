/**
 * What has come of an answer.
 *
 * @module
 */

import type { GeneratedImage } from "./generated_image.ts";
import type { PartialAnswer } from "./results.ts";

/** How much of a text is kept for a reader that streams, in characters. */
const MAX_PARTIAL = 4 * 1024 * 1024;

/** Collects text in fragments and joins them once. */
class Collector {
  #fragments: string[] = [];
  #length = 0;

  add(fragment: string, limit: number): void {
    if (this.#length >= limit) return;
    this.#fragments.push(fragment);
    this.#length += fragment.length;
  }

  toString(): string {
    // A joined string takes far less memory than its fragments.
    const text = this.#fragments.join("");
    this.#fragments = [text];
    return text;
  }
}

/**
 * Remembers what has come so far. Where nobody collects the answer, memory
 * stays flat: of a very long text only the beginning is kept.
 */
export class PartialCollector implements PartialAnswer {
  readonly #text = new Collector();
  readonly #reasoning = new Collector();
  readonly #images: GeneratedImage[] = [];
  #limit = MAX_PARTIAL;

  /** Keeps everything from now on. */
  keepAll(): void {
    this.#limit = Infinity;
  }

  addText(text: string): void {
    this.#text.add(text, this.#limit);
  }

  addReasoning(text: string): void {
    this.#reasoning.add(text, this.#limit);
  }

  addImage(image: GeneratedImage): void {
    this.#images.push(image);
  }

  get text(): string {
    return this.#text.toString();
  }

  get reasoning(): string {
    return this.#reasoning.toString();
  }

  get images(): readonly GeneratedImage[] {
    return [...this.#images];
  }

  /** A copy that does not change any more. */
  toAnswer(): PartialAnswer {
    const { text, reasoning, images } = this;
    return { text, reasoning, images };
  }
}
