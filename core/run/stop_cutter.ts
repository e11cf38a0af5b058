/**
 * Cuts an answer at a stop word.
 *
 * @module
 */

import type { ChatOptions } from "../chat/types.ts";
import { isString } from "../streams/values.ts";
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
 * Finds the words at which an answer is cut here.
 *
 * @param options The options of the run.
 */
export function toStopWords(
  { stop, enforceStop }: ChatOptions,
): readonly string[] | undefined {
  const words = isString(stop) ? [stop] : stop;
  return enforceStop ? words : undefined;
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
      const last = index + word.length;
      if (index !== -1 && (last < end || (last === end && index < start))) {
        [start, end] = [index, last];
      }
    }
    return start;
  }

  /** Where that begins which may become a word: the end may become any. */
  function findBeginning(text: string): number {
    let index = Math.max(0, text.length - longest + 1);
    const mayBecome = (word: string) => word.startsWith(text.slice(index));
    while (!words.some(mayBecome)) index++;
    return index;
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
