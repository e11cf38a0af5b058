/**
 * Text that each chunk tells from its beginning.
 *
 * @module
 */

/** How many chunks in a row must tell all that came before, and more. */
const MIN_CHUNKS = 4;

/**
 * How many characters the last of them must have that differ: lines and blanks that
 * grow are tokens of many models.
 */
const MIN_VARIETY = 8;

/** How many chunks are held at most, and how long they may be, in characters. */
const MAX_HELD = 32;
const MAX_LENGTH = 64 * 1024;

/** What is known of how one text is told. */
export interface RetoldText {
  /** Whether it is known that each chunk tells only what is new. */
  isPlain: boolean;
  /** Whether it is known that each chunk tells all so far. */
  isRetold: boolean;
  /** How long the first chunk was. */
  firstLength: number;
  /** The last chunk; empty before the first. */
  last: string;
  /** What came after the first, and may be either. */
  held: readonly string[];
}

const NOTHING: readonly string[] = [];

/** Makes what is known of a text that has not begun. */
export function createRetoldText(): RetoldText {
  return {
    isPlain: false,
    isRetold: false,
    firstLength: 0,
    last: "",
    held: NOTHING,
  };
}

/**
 * Ends the doubt.
 *
 * @param state What is known of the text.
 * @returns What was held, as it came.
 */
export function settleRetold(state: RetoldText): string {
  const text = state.held.join("");
  state.isPlain = !state.isRetold;
  state.held = NOTHING;
  if (state.isPlain) state.last = "";
  return text;
}

/**
 * Reads a chunk. Some servers tell the whole text so far with each chunk, where
 * only what is new is meant. Few chunks are held for it: those that begin with all
 * that came before them, which is rare anywhere else.
 *
 * @param state What is known of the text.
 * @param text What the chunk tells.
 * @returns What is new in it, after what was held; empty while it is held.
 */
export function readRetold(state: RetoldText, text: string): string {
  const known = state.last;
  if (state.isPlain) return text;
  state.last = text;
  if (known === "") {
    state.firstLength = text.length;
    return text;
  }
  if (!text.startsWith(known) || (!state.isRetold && text === known)) {
    state.isRetold = false;
    return settleRetold(state) + text;
  }
  if (state.isRetold) return text.slice(known.length);
  state.held = state.held.concat(text);
  const { length } = state.held;
  if (length + 1 >= MIN_CHUNKS && new Set(text).size >= MIN_VARIETY) {
    state.isRetold = true;
    state.held = NOTHING;
    return text.slice(state.firstLength);
  }
  const isTooMuch = length >= MAX_HELD || text.length > MAX_LENGTH;
  return isTooMuch ? settleRetold(state) : "";
}
