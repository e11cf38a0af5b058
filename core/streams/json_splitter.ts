/**
 * Lines to JSON values that may span several of them.
 *
 * @module
 */

import { findQuote, MAX_PARTS } from "./json.ts";
import { MAX_LENGTH, type SplitOptions } from "./lines.ts";
import { tooLong } from "./stream_error.ts";
import { TextCollector } from "./text_collector.ts";

/** Splits text that arrives in lines. */
export interface JsonSplitter {
  /** Whether a value has begun and is not over. */
  isOpen(): boolean;
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
  let lines: TextCollector | undefined;
  let length = 0;
  let depth = 0;

  /** Finds the end of the value that is open, or of the first that begins. */
  function findEnd(line: string): number {
    for (let index = 0; index < line.length; index++) {
      // A pattern would take some hundred times as long for a line of brackets.
      switch (line[index]) {
        case '"':
          index = findQuote(line, index + 1);
          if (index === -1) return -1;
          break;
        case "{":
        case "[":
          depth++;
          break;
        case "}":
        case "]":
          if (--depth <= 0) return index + 1;
      }
    }
    return -1;
  }

  function take(last: string): string {
    depth = 0;
    if (length === 0) return last;
    const json = `${lines}${last}`;
    lines = undefined;
    length = 0;
    return json;
  }

  return {
    isOpen: () => depth > 0,
    push(line, onValue) {
      let rest = line;
      let count = 0;
      while (depth > 0 || /^\s*[[{]/.test(rest)) {
        const end = findEnd(rest);
        if (end === -1) {
          (lines ??= new TextCollector()).add(`${rest}\n`);
          length += rest.length + 1;
          if (length <= eventLength) return "";
          throw tooLong("Response", eventLength, "characters");
        }
        if (++count > MAX_PARTS) throw tooLong("Line", MAX_PARTS, "values");
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
