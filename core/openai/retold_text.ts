/**
 * Text that each chunk tells from its beginning.
 *
 * @module
 */

/** How many chunks in a row must tell all that came before, and more. */
const MIN_CHUNKS = 4;

/** How long the last of them must be, in characters. */
const MIN_LENGTH = 16;

/** Finds what is new in the chunks of one text. */
export interface RetoldText {
  /** Whether it is known that each chunk tells only what is new. */
  readonly isPlain: boolean;
  /**
   * Reads a chunk.
   *
   * @param text What it tells.
   * @returns What is new in it, after what was held; empty while it is held.
   */
  read(text: string): string;
  /** Ends the doubt: gives what was held as it came. */
  settle(): string;
}

/**
 * Makes a reader of one text. Some servers tell the whole text so far with each
 * chunk, where only what is new is meant. Few chunks are held for it: those that
 * begin with all that came before them, which is rare anywhere else.
 */
export function createRetoldText(): RetoldText {
  let isPlain = false;
  let isRetold = false;
  let first: string | undefined;
  let last = "";
  let held: string[] = [];

  function settle(): string {
    isPlain = !isRetold;
    const text = held.join("");
    held = [];
    return text;
  }

  return {
    get isPlain() {
      return isPlain;
    },
    read(text) {
      if (isPlain) return text;
      const known = last;
      last = text;
      first ??= text;
      if (known === "") return text;
      if (!text.startsWith(known) || (!isRetold && text === known)) {
        isRetold = false;
        return settle() + text;
      }
      if (isRetold) return text.slice(known.length);
      const count = held.push(text);
      if (count + 1 < MIN_CHUNKS || text.length < MIN_LENGTH) return "";
      isRetold = true;
      held = [];
      return text.slice(first.length);
    },
    settle,
  };
}
