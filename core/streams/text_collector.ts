/**
 * Text that comes in many small pieces.
 *
 * @module
 */

import { isString } from "./values.ts";

/** Up to this length pieces are chained, which is quick, but takes much memory. */
const MIN_FRAGMENT = 128;

/** How many fragments are joined at a time: joined they take far less memory. */
const FRAGMENTS = 4;

/** How many blocks are packed at a time: to pack each costs time. */
const BLOCKS = 16;

/** A text, or its bytes. */
type Packed = string | Uint8Array;

/**
 * Takes a text off the heap of the engine, whose room for new objects grows with
 * what is kept of them: for a text of 1 MiB by more than ten. What has half a
 * character cannot be written as bytes.
 */
function pack(text: string): Packed {
  return text.isWellFormed() ? new TextEncoder().encode(text) : text;
}

function unpack(packed: readonly Packed[]): string[] {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  return packed.map((text) => isString(text) ? text : decoder.decode(text));
}

/** Collects a text in linear time. */
export class TextCollector {
  #packed: Packed[] = [];
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
    const fragments = this.#fragments.push(this.#chain);
    this.#chain = "";
    if (fragments < FRAGMENTS) return;
    const blocks = this.#blocks.push(this.#fragments.join(""));
    this.#fragments = [];
    if (blocks < BLOCKS) return;
    this.#packed.push(pack(this.#blocks.join("")));
    this.#blocks = [];
  }

  /** Gives the text so far. */
  toString(): string {
    const text = [
      ...unpack(this.#packed),
      ...this.#blocks,
      ...this.#fragments,
      this.#chain,
    ].join("");
    this.#packed = [text];
    this.#blocks = [];
    this.#fragments = [];
    this.#chain = "";
    return text;
  }
}
