/**
 * Which call a piece belongs to. Servers leave out or repeat the index, the id
 * or the name.
 *
 * @module
 */

import { tryStringifyJson } from "../streams/json.ts";
import { TextCollector } from "../streams/text_collector.ts";
import { isFilled, isNullish, isObject, isString } from "../streams/values.ts";

/** A piece of a call, as far as it can be read. */
export interface CallPiece {
  readonly id: string;
  readonly index: number | undefined;
  readonly name: string;
  readonly text: string;
  readonly extra: unknown;
}

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

/**
 * Reads a piece as an upstream writes it.
 *
 * @param value An entry of `tool_calls`, or a `function_call`.
 * @returns The piece, or `undefined` where it is none.
 */
export function toCallPiece(value: unknown): CallPiece | undefined {
  if (!isObject(value)) return undefined;
  // What came before `tool_calls` has the name and the input at its root.
  const body = isObject(value.function) ? value.function : value;
  // Models of Meta call it parameters, and Anthropic's form is input.
  const input = body.arguments ?? body.parameters ?? body.input;
  const id = value.id ?? body.id;
  // Servers without types write a string.
  const index = parseInt(`${value.index}`);
  return {
    id: isFilled(id) ? id : "",
    index: index >= 0 ? index : undefined,
    name: isFilled(body.name) ? body.name : "",
    text: isNullish(input) ? "" : isString(input) ? input : toJson(input),
    extra: value.extra_content,
  };
}

/** Some servers write the input as an object; one too deep is no input. */
function toJson(input: unknown): string {
  return tryStringifyJson(input) ?? "{";
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
   * @returns The call; `undefined` where it only repeats a whole call.
   */
  add(piece: CallPiece, before: number): RoutedCall | undefined;
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
      (name === "" || name === known.name) &&
      text.length === known.length && text === `${known.text}`;
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
      follow(call, piece.text);
      call.text.add(piece.text);
      call.length += piece.text.length;
      latest = call;
      return call;
    },
  };
}
