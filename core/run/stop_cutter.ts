/**
 * Cuts an answer at a stop word.
 *
 * @module
 */

import type { Writable } from "../streams/writable.ts";

/** Cuts a text that comes in pieces before the first stop word. */
export interface StopCutter {
  /** Whether the text has been cut: nothing of it comes any more. */
  readonly isCut: boolean;
  /**
   * Adds a piece.
   *
   * @param piece The next piece.
   * @returns What is certain to stand before any stop word.
   */
  add(piece: string): string;
  /** Ends the text, and gives what was held back. */
  end(): string;
}

/**
 * Makes a cutter. The word that is whole first counts, of several that end
 * together the longest, so that it is the same however the text is split.
 *
 * @param words The stop words, none of them empty.
 */
export function createStopCutter(words: readonly string[]): StopCutter {
  const longest = Math.max(...words.map((word) => word.length));
  let held = "";

  /** Where the word begins that is whole first. */
  function findWord(text: string): number {
    let [start, end] = [-1, Infinity];
    for (const word of words) {
      const index = text.indexOf(word);
      if (index === -1) continue;
      const last = index + word.length;
      if (last < end || (last === end && index < start)) {
        [start, end] = [index, last];
      }
    }
    return start;
  }

  /** Where that begins which may become a word. */
  function findBeginning(text: string): number {
    for (
      let index = Math.max(0, text.length - longest + 1);
      index < text.length;
      index++
    ) {
      const rest = text.slice(index);
      if (words.some((word) => word.startsWith(rest))) return index;
    }
    return text.length;
  }

  const cutter: Writable<StopCutter> = {
    isCut: false,
    add(piece) {
      if (cutter.isCut) return "";
      const text = held + piece;
      const start = findWord(text);
      cutter.isCut = start !== -1;
      const end = cutter.isCut ? start : findBeginning(text);
      held = cutter.isCut ? "" : text.slice(end);
      return text.slice(0, end);
    },
    end() {
      const rest = held;
      held = "";
      return rest;
    },
  };
  return cutter;
}
