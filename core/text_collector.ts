/**
 * Text that comes in many small pieces.
 *
 * @module
 */

/** How many fragments are joined at a time: joined they take far less memory. */
const FRAGMENTS = 1000;

/** Collects a text in linear time. */
export class TextCollector {
  #blocks: string[] = [];
  #fragments: string[] = [];
  #length = 0;

  /**
   * Adds a piece.
   *
   * @param fragment The piece.
   * @param limit Nothing is added to a text that is as long as this already.
   */
  add(fragment: string, limit = Infinity): void {
    if (this.#length >= limit) return;
    this.#length += fragment.length;
    if (this.#fragments.push(fragment) < FRAGMENTS) return;
    this.#blocks.push(this.#fragments.join(""));
    this.#fragments = [];
  }

  /** Gives the text so far. */
  toString(): string {
    this.#blocks = [this.#blocks.join("") + this.#fragments.join("")];
    this.#fragments = [];
    return this.#blocks.join("");
  }
}
