/**
 * What was sent of a text, of which nothing is kept.
 *
 * @module
 */

import { EMPTY_HASH, hashText } from "./text_hash.ts";

/** A piece of text: its length, and a hash of it. */
interface Digest {
  readonly length: number;
  readonly hash: number;
}

const NOTHING: Digest = { length: 0, hash: EMPTY_HASH };

/** Goes on with a piece. */
function extend({ length, hash }: Digest, text: string): Digest {
  return { length: length + text.length, hash: hashText(text, hash) };
}

function isSame(digest: Digest, text: string): boolean {
  return digest.length === text.length &&
    digest.hash === hashText(text);
}

/**
 * Knows a text again: of each of many readers that take nothing it keeps some
 * numbers, where the text would have megabytes.
 */
export class SentText {
  /** The white space that it begins with. */
  #margin = NOTHING;
  /** All after that. */
  #rest = NOTHING;
  /** The same, without the white space that it ends with. */
  #trimmed = NOTHING;

  /** How many characters were sent. */
  get length(): number {
    return this.#margin.length + this.#rest.length;
  }

  /**
   * Adds what is sent.
   *
   * @param text The next piece.
   */
  add(text: string): void {
    const rest = this.#rest.length > 0 ? text : text.trimStart();
    if (rest.length < text.length) {
      const space = text.slice(0, text.length - rest.length);
      this.#margin = extend(this.#margin, space);
    }
    const trimmed = rest.trimEnd();
    if (trimmed !== "") {
      this.#trimmed = extend(this.#rest, trimmed);
      this.#rest = this.#trimmed;
    }
    if (trimmed !== rest) {
      this.#rest = extend(this.#rest, rest.slice(trimmed.length));
    }
  }

  /**
   * Finds what the final text of the answer adds to what was sent, as
   * `findAddition` of `@parley/chat/provider` does.
   *
   * @param final The final text.
   * @returns What is to be added, or `undefined` where another text was sent.
   */
  findAddition(final: string): string | undefined {
    const { length } = this;
    const { length: start } = this.#margin;
    const isBeginning = isSame(this.#margin, final.slice(0, start)) &&
      isSame(this.#rest, final.slice(start, length));
    if (isBeginning) return final.slice(length);
    return isSame(this.#trimmed, final.trim()) ? "" : undefined;
  }
}
