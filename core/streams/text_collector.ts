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
export interface TextCollector {
  /**
   * Adds a piece.
   *
   * @param piece The piece.
   * @param limit Nothing is added to a text that is as long as this already.
   */
  add(piece: string, limit?: number): void;
  /** Gives the text so far. */
  toString(): string;
}

/** Makes a collector of one text. */
export function createTextCollector(): TextCollector {
  let blocks: string[] = [];
  let fragments: string[] = [];
  let chain = "";
  let length = 0;
  return {
    add(piece, limit = Infinity) {
      if (length >= limit) return;
      length += piece.length;
      chain += piece;
      if (chain.length < MIN_FRAGMENT) return;
      const count = fragments.push(chain);
      chain = "";
      if (count < FRAGMENTS) return;
      blocks.push(fragments.join(""));
      fragments = [];
    },
    toString() {
      const text = [...blocks, ...fragments, chain].join("");
      blocks = [text];
      fragments = [];
      chain = "";
      return text;
    },
  };
}
