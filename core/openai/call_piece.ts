/**
 * The pieces in which calls come, as servers write them.
 *
 * @module
 */

import { tryStringifyJson } from "../streams/json.ts";
import { isFilled, isNullish, isObject, isString } from "../streams/values.ts";

/** A piece of a call, as far as it can be read. */
export interface CallPiece {
  readonly id: string;
  readonly index: number | undefined;
  readonly name: string;
  readonly text: string;
  readonly extra: unknown;
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
