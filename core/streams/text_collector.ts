/**
 * Text that comes in many small pieces.
 *
 * @module
 */

/** How many fragments are joined at a time. */
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
  /** The last fragments: the platform keeps such a sum as a tree. */
  let last = "";
  let count = 0;
  let length = 0;
  return {
    add(fragment, limit = Infinity) {
      if (length >= limit) return;
      length += fragment.length;
      last += fragment;
      if (++count < FRAGMENTS) return;
      // The two are joined into one flat text, which takes far less memory.
      blocks.push([last, ""].join(""));
      last = "";
      count = 0;
    },
    toString() {
      const text = [...blocks, last].join("");
      blocks = [text];
      last = "";
      return text;
    },
  };
}
