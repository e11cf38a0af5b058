/**
 * Lines to JSON values that may span several of them.
 *
 * @module
 */

import { findQuote } from "./json.ts";
import { MAX_LENGTH, type SplitOptions } from "./lines.ts";
import { tooLong } from "./stream_error.ts";
import { createTextCollector } from "./text_collector.ts";

/** Splits text that arrives in lines. */
export interface JsonSplitter {
  /** Whether a value has begun and is not over. */
  readonly isOpen: boolean;
  /**
   * Reads a line.
   *
   * @param line The line, without its end.
   * @param onValue Gets each object or list that is over, unparsed.
   * @returns What follows the last of them in the line; empty while one is open.
   */
  push(line: string, onValue: (json: string) => void): string;
  /** Ends the text: gives the value that is not over; empty where none is open. */
  end(): string;
}

/**
 * Makes a splitter that takes linear time: brackets are counted, and only what
 * is over is parsed, by whoever wants it.
 *
 * @param options The limit of one value.
 */
export function createJsonSplitter(
  { eventLength = MAX_LENGTH }: SplitOptions = {},
): JsonSplitter {
  let lines = createTextCollector();
  let length = 0;
  let depth = 0;

  /** Finds the end of the value that is open, or of the first that begins. */
  function findEnd(line: string): number {
    const marks = /["{}[\]]/g;
    for (let found = marks.exec(line); found; found = marks.exec(line)) {
      const [mark] = found;
      if (mark === '"') {
        const end = findQuote(line, marks.lastIndex);
        if (end === -1) return -1;
        marks.lastIndex = end + 1;
      } else if (mark === "{" || mark === "[") {
        depth++;
      } else if (--depth <= 0) {
        return marks.lastIndex;
      }
    }
    return -1;
  }

  function take(last: string): string {
    depth = 0;
    if (length === 0) return last;
    const json = `${lines}${last}`;
    lines = createTextCollector();
    length = 0;
    return json;
  }

  return {
    get isOpen() {
      return depth > 0;
    },
    push(line, onValue) {
      let rest = line;
      while (depth > 0 || /^\s*[[{]/.test(rest)) {
        const end = findEnd(rest);
        if (end === -1) {
          lines.add(`${rest}\n`);
          length += rest.length + 1;
          if (length <= eventLength) return "";
          throw tooLong("Response", eventLength, "characters");
        }
        onValue(take(rest.slice(0, end)));
        // A list may have been begun before.
        rest = rest.slice(end).replace(/^\s*,/, "");
      }
      return rest;
    },
    end() {
      return depth > 0 ? take("") : "";
    },
  };
}
