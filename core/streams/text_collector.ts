/**
 * Text that comes in many small pieces.
 *
 * @module
 */

/** How many fragments are joined at a time: joined they take far less memory. */
const FRAGMENTS = 1000;

/** Collects a text in linear time. */
export interface TextCollector {
  /**
   * Adds a piece.
   *
   * @param fragment The piece.
   * @param limit Nothing is added to a text that is as long as this already.
   */
  add(fragment: string, limit?: number): void;
  /** Gives the text so far. */
  toString(): string;
}

/** Makes a collector of one text. */
export function createTextCollector(): TextCollector {
  let blocks: string[] = [];
  let fragments: string[] = [];
  let length = 0;
  return {
    add(fragment, limit = Infinity) {
      if (length >= limit) return;
      length += fragment.length;
      if (fragments.push(fragment) < FRAGMENTS) return;
      blocks.push(fragments.join(""));
      fragments = [];
    },
    toString() {
      const text = blocks.join("") + fragments.join("");
      blocks = [text];
      fragments = [];
      return text;
    },
  };
}
