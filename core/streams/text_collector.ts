/**
 * Text that comes in many small pieces.
 *
 * @module
 */

/** Up to this length pieces are chained, which is quick, but takes much memory. */
const MIN_FRAGMENT = 128;

/** How many fragments are joined at a time: joined they take far less memory. */
const FRAGMENTS = 4;

/** Collects a text in linear time. */
export class TextCollector {
  #blocks: string[] = [];
  #fragments: string[] = [];
  #chain = "";
  #length = 0;

  /**
   * Adds a piece.
   *
   * @param piece The piece.
   * @param limit Nothing is added to a text that is longer than this already.
   */
  add(piece: string, limit = Infinity): void {
    if (this.#length > limit) return;
    this.#length += piece.length;
    this.#chain += piece;
    if (this.#chain.length < MIN_FRAGMENT) return;
    const count = this.#fragments.push(this.#chain);
    this.#chain = "";
    if (count < FRAGMENTS) return;
    this.#blocks.push(this.#fragments.join(""));
    this.#fragments = [];
  }

  /** Gives the text so far. */
  toString(): string {
    const text = [...this.#blocks, ...this.#fragments, this.#chain].join("");
    this.#blocks = [text];
    this.#fragments = [];
    this.#chain = "";
    return text;
  }
}
