/**
 * Text that each chunk tells from its beginning.
 *
 * @module
 */

import { NOTHING } from "../streams/values.ts";

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

/** How long a chunk must be that may tell all that came before it. */
const MIN_AGAIN = 16;

/** What is known of how one text is told. */
export interface RetoldText {
  /** Whether each chunk tells only what is new, and not all so far, once known. */
  isPlain: boolean | undefined;
  /** The last chunk; empty before the first. */
  last: string;
  /** What came after the first, and may be either. */
  held: readonly string[];
  /** How long all is that was handed on, and its hash: it is not kept. */
  length: number;
  hash: number;
  /** What says once more all that was told, and is no text unless more comes. */
  again: string;
}

/** Makes what is known of a text that has not begun. */
export function createRetoldText(): RetoldText {
  return {
    isPlain: undefined,
    last: "",
    held: NOTHING,
    length: 0,
    hash: 0,
    again: "",
  };
}

/** Goes on with a hash. */
function toHash(hash: number, text: string): number {
  let next = hash;
  for (let index = 0; index < text.length; index++) {
    next = Math.imul(next, 31) + text.charCodeAt(index) | 0;
  }
  return next;
}

/** Counts what is told. */
function count(state: RetoldText, text: string): string {
  state.length += text.length;
  state.hash = toHash(state.hash, text);
  return text;
}

/**
 * Whether a chunk is new where each tells only that, as in nearly all answers. One
 * that says all that was told, which some servers send last, is not.
 *
 * @param state What is known of the text; counts the chunk where it is new.
 * @param text What the chunk tells.
 */
export function isUsual(state: RetoldText, text: string): boolean {
  if (!state.isPlain || state.again !== "") return false;
  const isAgain = text.length === state.length && text.length >= MIN_AGAIN &&
    toHash(0, text) === state.hash && new Set(text).size >= MIN_VARIETY;
  if (!isAgain) count(state, text);
  return !isAgain;
}

/**
 * Ends the doubt.
 *
 * @param state What is known of the text.
 * @returns What was held, as it came.
 */
export function settleRetold(state: RetoldText): string {
  const text = count(state, state.held.join(""));
  state.isPlain ??= true;
  state.held = NOTHING;
  if (state.isPlain) state.last = "";
  return text;
}

/**
 * Reads a chunk that is not usual. Some servers tell the whole text so far with
 * each chunk, where only what is new is meant. Few chunks are held for it: those
 * that begin with all that came before them, which is rare anywhere else.
 *
 * @param state What is known of the text.
 * @param text What the chunk tells.
 * @returns What is new in it, after what was held; empty while it is held.
 */
export function readRetold(state: RetoldText, text: string): string {
  const { last: known, isPlain } = state;
  if (isPlain) {
    // More comes: what said all once more is a part of the text.
    const again = state.again && state.again + text;
    state.again = again === "" ? text : "";
    return count(state, again);
  }
  state.last = text;
  if (known === "") return count(state, text);
  const isRetold = isPlain === false;
  if (!text.startsWith(known) || (!isRetold && text === known)) {
    if (isRetold) count(state, known.slice(state.length));
    state.isPlain = true;
    return settleRetold(state) + count(state, text);
  }
  if (isRetold) return text.slice(known.length);
  state.held = state.held.concat(text);
  const { length } = state.held;
  if (length + 1 >= MIN_CHUNKS && new Set(text).size >= MIN_VARIETY) {
    state.isPlain = false;
    state.held = NOTHING;
    return text.slice(state.length);
  }
  const isTooMuch = length >= MAX_HELD || text.length > MAX_LENGTH;
  return isTooMuch ? settleRetold(state) : "";
}
