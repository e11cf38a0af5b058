import type { ErrorCode } from "../../core/chat/error_code.ts";

/** What JSON lines come to. */
export interface SlowJsonLines {
  /** The lines that are delivered, and what they hold. */
  readonly lines: readonly string[];
  readonly values: readonly unknown[];
  /** The code of the error at the first bad line; absent without one. */
  readonly error?: ErrorCode;
}

/** Whether JSON text ends inside a string, an object or an array. */
function isCut(text: string): boolean {
  const bare = text.replace(/"(?:[^"\\]|\\[^])*"/g, "");
  const [outside = "", inside] = bare.split('"');
  const opened = outside.match(/[{[]/g)?.length ?? 0;
  const closed = outside.match(/[}\]]/g)?.length ?? 0;
  return inside !== undefined || opened > closed;
}

/**
 * Reads JSON lines, of a text that is there as a whole: only LF ends a line,
 * lines of JSON's white space are no lines, and only of a last line without an
 * end can be said that it is cut.
 */
export function readSlowly(bytes: Uint8Array): SlowJsonLines {
  const text = new TextDecoder().decode(bytes);
  const all = text.split("\n");
  const last = all.length - 1;
  const lines: string[] = [];
  const values: unknown[] = [];
  for (const [index, line] of all.entries()) {
    if (line.replace(/[ \t\r]/g, "") === "") continue;
    try {
      values.push(JSON.parse(line));
      lines.push(line);
    } catch {
      const trimmed = line.trim();
      const isObject = trimmed.startsWith("{") || trimmed.startsWith("[");
      // Other white space alone may be the beginning of anything.
      const isIncomplete = index === last &&
        (trimmed === "" || (isObject && isCut(trimmed)));
      const error = isIncomplete ? "incomplete" : "bad-response";
      return { lines, values, error };
    }
  }
  return { lines, values };
}
