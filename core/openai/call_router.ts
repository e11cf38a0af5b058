/**
 * Which call a piece belongs to. Servers leave out or repeat the index, the id
 * or the name.
 *
 * @module
 */

import { tryParseJson, tryStringifyJson } from "../streams/json.ts";
import { TextCollector } from "../streams/text_collector.ts";
import { isObject } from "../streams/values.ts";
import type { CallPiece } from "./call_piece.ts";

/** A call, as its pieces come. */
export interface RoutedCall {
  /** Its place among the calls of the answer. */
  readonly position: number;
  /** The upstream's id, which may come late or twice. */
  id: string;
  /** The index under which it was last written. */
  index: number | undefined;
  name: string;
  /** The input so far. */
  text: TextCollector;
  /** How long the input is so far. */
  length: number;
  /** How many objects and arrays of the input are open. */
  depth: number;
  /** Whether the input stands inside of a string. */
  inString: boolean;
  /** Whether the next character stands after a backslash. */
  isEscaped: boolean;
  /** Whether the outermost object has been closed. */
  isWhole: boolean;
  /**
   * Whether a piece has said `{}`, which may only stand for the input that follows,
   * as in what comes of Anthropic's form.
   */
  isHollow: boolean;
}

/** Whether a text writes a whole input once more, perhaps with other blanks. */
function isSameInput(
  { text: input, length }: RoutedCall,
  text: string,
): boolean {
  if (text.length === length && text === `${input}`) return true;
  // Neither has more blanks than words.
  if (!text.startsWith("{") || length > 4 * text.length) return false;
  const value = tryParseJson(text);
  return isObject(value) &&
    tryStringifyJson(value) === tryStringifyJson(tryParseJson(`${input}`));
}

/** Finds what is new in a text: some servers tell all so far with each piece. */
function toNews({ text: input, length }: RoutedCall, text: string): string {
  const mayRetell = length > 2 && text.length >= length && text.startsWith("{");
  return mayRetell && text.startsWith(`${input}`) ? text.slice(length) : text;
}

/** Follows the brackets of an input, so that no piece is read twice. */
function follow(call: RoutedCall, text: string): void {
  for (const character of text) {
    if (call.isEscaped) {
      call.isEscaped = false;
    } else if (call.inString) {
      if (character === "\\") call.isEscaped = true;
      else if (character === '"') call.inString = false;
    } else if (character === '"') {
      call.inString = true;
    } else if (character === "{" || character === "[") {
      call.depth++;
    } else if (character === "}" || character === "]") {
      if (--call.depth === 0) call.isWhole = true;
    }
  }
}

/** Finds out which call a piece belongs to. */
export interface CallRouter {
  /** The calls so far. */
  readonly calls: readonly RoutedCall[];
  /**
   * Adds a piece to its call, or begins a new one.
   *
   * @param piece The piece.
   * @param before How many calls there were before the list that it stands in.
   * @returns The call, and what is new of its input; `undefined` where it only
   * repeats a whole call.
   */
  add(
    piece: CallPiece,
    before: number,
  ): { readonly call: RoutedCall; readonly news: string } | undefined;
}

/**
 * Makes a router of the calls of one answer.
 *
 * @param isTool Whether a name is that of a tool: some servers cut names.
 */
export function createCallRouter(
  isTool: (name: string) => boolean,
): CallRouter {
  const calls: RoutedCall[] = [];
  const byIndex = new Map<number, RoutedCall>();
  let latest: RoutedCall | undefined;

  function findById({ id, index }: CallPiece): RoutedCall | undefined {
    const same = calls.filter((call) => call.id === id);
    // One id may stand for two calls.
    return same.findLast((call) =>
      index === undefined || call.index === index
    ) ?? same.at(-1);
  }

  /**
   * Whether a piece says once more what a whole call has said; what stands twice
   * in one list is two calls.
   */
  function isAgain(
    known: RoutedCall,
    { name, text }: CallPiece,
    before: number,
  ): boolean {
    return known.isWhole && known.position < before &&
      (name === "" || name === known.name) && isSameInput(known, text);
  }

  /** Whether a piece goes on with the name of a call. */
  function isRest(known: RoutedCall, { id, index, name }: CallPiece): boolean {
    return known.length === 0 && index !== undefined &&
      index === known.index && (id === "" || id === known.id) &&
      !isTool(known.name) && !isTool(name) && name !== known.name;
  }

  /** Whether a piece that names a tool begins a call after the known one. */
  function isNext(known: RoutedCall, piece: CallPiece): boolean {
    const { name, text } = piece;
    if (name === "" || known.name === "" || isRest(known, piece)) return false;
    return name !== known.name || (text.trim() !== "" && known.isWhole);
  }

  function find(
    piece: CallPiece,
    before: number,
  ): RoutedCall | "new" | "same" {
    const { id, index, name, text } = piece;
    const open = index === undefined ? latest : byIndex.get(index);
    if (id === "") {
      if (open !== undefined && isNext(open, piece)) return "new";
      if (open !== undefined) {
        return isAgain(open, piece, before) ? "same" : open;
      }
      return name === "" && latest !== undefined ? latest : "new";
    }
    const known = findById(piece);
    if (known === undefined) {
      // Only input has come so far: the call has no head yet.
      if (open?.id === "" && open.name === "") return open;
      // The id may come after the head of its call, or be another for each piece:
      // a call begins with its name.
      const isLate = index !== undefined && name === "" && open &&
        (open.id === "" ||
          (open.name !== "" && (!open.isWhole || text.trim() === "")));
      return isLate ? open : "new";
    }
    if (isAgain(known, piece, before)) return "same";
    const isMoved = name !== "" && known.name !== "" && index !== undefined &&
      known.index !== undefined && index !== known.index;
    return isMoved || isNext(known, piece) ? "new" : known;
  }

  function begin({ id, index }: CallPiece): RoutedCall {
    const call: RoutedCall = {
      position: calls.length,
      id,
      index,
      name: "",
      text: new TextCollector(),
      length: 0,
      depth: 0,
      inString: false,
      isEscaped: false,
      isWhole: false,
      isHollow: false,
    };
    calls.push(call);
    return call;
  }

  return {
    calls,
    add(piece, before) {
      const found = find(piece, before);
      if (found === "same") return undefined;
      const call = found === "new" ? begin(piece) : found;
      if (piece.index !== undefined) byIndex.set(piece.index, call);
      call.id ||= piece.id;
      if (call.name === "" || isRest(call, piece)) call.name += piece.name;
      if (piece.text.trim() !== "") {
        if (call.isHollow) {
          call.text = new TextCollector();
          call.length = 0;
        }
        call.isHollow = call.length === 0 && piece.text === "{}";
      }
      const news = toNews(call, piece.text);
      follow(call, news);
      call.text.add(news);
      call.length += news.length;
      latest = call;
      return { call, news };
    },
  };
}
