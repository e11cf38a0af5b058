/**
 * The calls of an answer, as their pieces come.
 *
 * @module
 */

import { ProviderError } from "../chat/errors.ts";
import type { ToolCallDeltaEvent } from "../chat/events.ts";
import type { RawToolCall } from "../chat/tools.ts";
import { TextCollector } from "../streams/text_collector.ts";

/** The most calls of an answer. */
export const MAX_CALLS = 128;

/** Puts the pieces of calls together. */
export interface CallCollector {
  /**
   * Adds a piece.
   *
   * @param piece The piece.
   * @throws {ProviderError} If there are too many, or too long ones, with code
   * `too-large`.
   */
  add(piece: ToolCallDeltaEvent): void;
  /** The calls so far, in order. */
  toCalls(): readonly RawToolCall[];
}

function toTooLarge(limit: string): ProviderError {
  return new ProviderError(`Calls of the answer are more than ${limit}`, {
    code: "too-large",
  });
}

function toOpenCall({ id, name }: ToolCallDeltaEvent) {
  return {
    id,
    name,
    input: new TextCollector(),
    opaque: undefined as RawToolCall["opaque"],
  };
}

/**
 * Makes a collector without calls.
 *
 * @param limit How long their inputs may be together, in characters.
 */
export function createCallCollector(limit: number): CallCollector {
  const calls = new Map<number, ReturnType<typeof toOpenCall>>();
  let length = 0;
  return {
    add(piece) {
      let call = calls.get(piece.index);
      if (call === undefined) {
        if (calls.size === MAX_CALLS) throw toTooLarge(`${MAX_CALLS}`);
        call = toOpenCall(piece);
        calls.set(piece.index, call);
      }
      length += piece.text.length;
      if (length > limit) throw toTooLarge(`${limit} characters`);
      call.input.add(piece.text);
      call.opaque ??= piece.opaque;
    },
    toCalls: () =>
      [...calls].sort(([a], [b]) => a - b)
        .map(([, { id, name, input, opaque }]) => ({
          id,
          name,
          rawInput: input.toString(),
          ...(opaque !== undefined && { opaque }),
        })),
  };
}
